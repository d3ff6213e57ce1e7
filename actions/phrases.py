"""Fragments of wording that lists and cards are put together from; they live in data/phrases.yml."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import yaml

from bot.settings import ROOT


@lru_cache(maxsize=1)
def _phrases() -> dict[str, Any]:
    return yaml.safe_load((ROOT / "data" / "phrases.yml").read_text(encoding="utf-8"))


def phrase(key: str, **values: Any) -> str:
    """The fragment of that key ("service.open_now"), filled in. Raises KeyError for an unknown key or value."""
    found: Any = _phrases()
    for part in key.split("."):
        found = found[part]
    return str(found).format(**values)


def lines(*parts: str | None) -> str:
    """The parts that say something, one a line."""
    return "\n".join(part for part in parts if part)


def buttons(*titles: str) -> list[dict[str, str]]:
    """Quick replies; a tap sends the title, so that typing it does the same."""
    return [{"title": title, "payload": title} for title in titles]
