"""Which numbers to give: the psychological hotline with its hours, and always one that answers day and night."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.care.state import CareState
from bot.care.wording import LONGEST, Voice, content
from bot.community.hotlines import HotlineView

EVERY = 5  # replies after which the numbers are given again
MOST_ALWAYS = 3
HURRIED = ("violence", "witness")


def due(state: CareState) -> bool:
    return state.turns == 1 or state.turns - state.numbers_turn >= EVERY


def numbers(state: CareState, voice: Voice, hotlines: Sequence[HotlineView]) -> str:
    """The message with the numbers; remembers that they were given."""
    state.numbers_turn = state.turns
    known = content()["numbers"]
    main = next((each for each in hotlines if each.id == known["lines"]["main"]), None)
    closed = main is not None and main.open_now is False
    line = f"{main.phone}（{main.hours_text}）" if main and main.hours_text else known["line_known"]
    kind = "violence" if state.path in HURRIED else "closed" if closed else "open"
    text = voice.say(f"numbers.{kind}", line=line, always="、".join(_always(hotlines, known)))
    extra = _extra(state, hotlines, known)
    said_just_now = any(extra in earlier for earlier in state.last_texts)
    return text if said_just_now or len(text + extra) > LONGEST else text + extra


def _always(hotlines: Sequence[HotlineView], known: dict[str, Any]) -> list[str]:
    """Numbers that answer day and night, the emergency numbers first."""
    found = [f"{each.phone}（{each.name}）" for each in hotlines if each.always_open and _is_local(each)]
    return [*known["always_known"], *found][:MOST_ALWAYS]


def _is_local(line: HotlineView) -> bool:
    """A line with a number of its own; 120 and 110 are always named."""
    return line.phone not in ("120", "110") and "crisis" in line.topics


def _extra(state: CareState, hotlines: Sequence[HotlineView], known: dict[str, Any]) -> str:
    wanted = "minor" if "minor" in state.traits else state.path
    line = next((each for each in hotlines if each.id == known["lines"].get(wanted)), None)
    return known["extra"].format(name=line.name, phone=line.phone, hours=line.hours_text) if line else ""
