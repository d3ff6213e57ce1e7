"""What goes into a decision and what comes out of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.community.hotlines import HotlineView

CRISIS = "crisis"


@dataclass(frozen=True)
class Heard:
    """A resident's message. level and signs are the guard's (triage crisis, crisis_signs); at is aware."""

    text: str
    at: datetime
    level: str = "none"
    signs: Mapping[str, Any] = field(default_factory=dict)
    intent: str = ""
    confidence: float = 0.0
    has_picture: bool = False

    @property
    def reasons(self) -> list[str]:
        return list(self.signs.get("reasons") or [])

    @property
    def is_crisis(self) -> bool:
        return self.level == CRISIS


@dataclass(frozen=True)
class Around:
    """What holds besides the message. careful: the conversation is in the careful mode. closed: it still is, but staff
    have closed the alarm, so that it is over unless this message is a crisis itself. answered_by: the named person who
    answers for the alarm.
    """

    hotlines: Sequence[HotlineView] = ()
    answered_by: str | None = None
    careful: bool = False
    closed: bool = False


@dataclass(frozen=True)
class Reply:
    """What to say and what to do. level and reasons go to the alarm; careful is the mode from now on.

    released: nothing is said here; the rest of the dialogue may answer the message.
    """

    texts: tuple[str, ...]
    state: dict[str, Any]
    buttons: tuple[str, ...] = ()
    level: str = CRISIS
    reasons: tuple[str, ...] = ()
    third_person: bool = False
    careful: bool = True
    released: bool = False
