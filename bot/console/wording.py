"""What people read for the core's ids and refusals; the sentences are in wording.yml."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from bot.community import taxonomy
from bot.community.errors import CommunityError, UnknownCategory

FILE = Path(__file__).with_name("wording.yml")


@lru_cache(maxsize=1)
def words() -> dict[str, Any]:
    """The whole file."""
    content: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return content


def say(group: str, id: object) -> str:
    """The Chinese of an id, or the id itself where there is none: unknown is better than missing."""
    return str(words()[group].get(id, id if id is not None else ""))


def category(id: str | None) -> str:
    """The short name of a category."""
    if not id:
        return ""
    try:
        return taxonomy.label(id)
    except UnknownCategory:
        return id


def refusal(error: CommunityError) -> str:
    """Why the core refused, and what to do."""
    kind, reason = type(error).__name__, getattr(error, "reason", "")
    found = words()["refusals"]
    return str(found.get(f"{kind}.{reason}") or found.get(kind) or found["NotAllowed"])
