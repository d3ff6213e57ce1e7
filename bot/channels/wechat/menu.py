"""The menu below the chat, from data/wechat.yml, in the platform's form and within its limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.problems import Problem

MOST_ENTRIES, MOST_SUBENTRIES = 3, 5
LONGEST_NAME, LONGEST_SUBNAME, LONGEST_KEY = 16, 60, 128  # bytes


def menu_of(entries: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The menu for menu/create. Raises Problem that names the entry that the platform would refuse."""
    if not 1 <= len(entries) <= MOST_ENTRIES:
        raise Problem(f"the WeChat menu has {len(entries)} entries; the platform shows 1 to {MOST_ENTRIES}")
    return {"button": [_entry(entry) for entry in entries]}


def _entry(entry: Mapping[str, Any]) -> dict[str, Any]:
    name = _short(entry["name"], LONGEST_NAME)
    subentries = entry.get("entries")
    if not subentries:
        return _leaf(entry, name)
    if len(subentries) > MOST_SUBENTRIES:
        raise Problem(f"{name} in the WeChat menu has {len(subentries)} entries; at most {MOST_SUBENTRIES} are shown")
    return {"name": name, "sub_button": [_leaf(each, _short(each["name"], LONGEST_SUBNAME)) for each in subentries]}


def _leaf(entry: Mapping[str, Any], name: str) -> dict[str, Any]:
    if "url" in entry:
        return {"type": "view", "name": name, "url": entry["url"]}
    return {"type": "click", "name": name, "key": _short(entry["key"], LONGEST_KEY)}


def _short(text: str, most: int) -> str:
    if len(text.encode()) > most:
        raise Problem(f"「{text}」 in the WeChat menu is longer than {most} bytes")
    return text
