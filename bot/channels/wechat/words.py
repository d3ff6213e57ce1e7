"""The channel's own wording and its menu, from data/wechat.yml; whole answers are in domain.yml."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import yaml

from bot.settings import ROOT

FILE = ROOT / "data" / "wechat.yml"


@lru_cache(maxsize=1)
def content() -> dict[str, Any]:
    """The whole file."""
    return yaml.safe_load(FILE.read_text(encoding="utf-8"))


def word(key: str, **values: Any) -> str:
    """The wording of that key, filled in. Raises KeyError."""
    return str(content()["words"][key]).format(**values)


def menu_text(key: str) -> str:
    """What a tap on the menu entry of that key says for the resident; an unknown key says itself."""
    entries = [sub for entry in content()["menu"] for sub in [entry, *entry.get("entries", [])]]
    return next((str(entry["says"]) for entry in entries if entry.get("key") == key and entry.get("says")), key)
