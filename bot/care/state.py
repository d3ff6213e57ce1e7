"""What is remembered of a care conversation between two messages; lives as JSON in the slot `care`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

CONCERN = "concern"  # the path of one who was asked gently, and is not in the careful mode
ENDED = "ended"  # a human closed the alarm
AWAY_AFTER = timedelta(hours=6)  # a silence after which somebody is greeted again
ASKED_FOR = timedelta(hours=24)  # how long a gentle question is not repeated


@dataclass
class CareState:
    """One resident's conversation so far.

    path: id in data/care.yml, "" before the first words. pending: the question that waits for an answer. asked: how
    often each question of this round was put. answers: yes, no or unsure by question. used: how many variants of each
    text were taken. numbers_turn and crisis_turn: when numbers were last given and words of danger
    last heard. means: what the guard last named. told: who the resident was told has answered the alarm.
    """

    path: str = ""
    pending: str | None = None
    traits: list[str] = field(default_factory=list)
    asked: dict[str, int] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)
    used: dict[str, int] = field(default_factory=dict)
    turns: int = 0
    stayed: int = 0
    numbers_turn: int = 0
    crisis_turn: int = 0
    last_at: str | None = None
    last_texts: list[str] = field(default_factory=list)
    told: str | None = None
    means: str | None = None
    asked_gently_at: str | None = None

    @classmethod
    def restore(cls, stored: Any) -> CareState:
        """From the slot's value; anything unknown or misshapen in it is left out."""
        restored = cls()
        if not isinstance(stored, Mapping):
            return restored
        for name, default in asdict(restored).items():
            value = stored.get(name)
            if _fits(name, value, default):
                setattr(restored, name, value.copy() if isinstance(value, (list, dict)) else value)
        return restored

    def store(self) -> dict[str, Any]:
        return asdict(self)

    def begin(self, path: str) -> None:
        """Start a path: its questions are new; what was said and answered is kept."""
        self.path = path
        self.pending = None
        self.asked = {}
        self.stayed = 0

    def was_away(self, now: datetime) -> bool:
        return self.last_at is not None and now - datetime.fromisoformat(self.last_at) >= AWAY_AFTER

    def was_asked_gently(self, now: datetime) -> bool:
        """Whether the gentle question was put so lately that putting it again would pester."""
        return self.asked_gently_at is not None and now - datetime.fromisoformat(self.asked_gently_at) < ASKED_FOR


def _fits(name: str, value: Any, default: Any) -> bool:
    """Whether a stored value can be used: the tracker may hold one that an earlier version wrote."""
    if isinstance(default, list):
        return isinstance(value, list) and all(isinstance(each, str) for each in value)
    if isinstance(default, dict):
        wanted = str if name == "answers" else int
        return isinstance(value, dict) and all(isinstance(each, wanted) for each in value.values())
    if name in ("last_at", "asked_gently_at"):
        return _is_moment(value)
    return isinstance(value, int if isinstance(default, int) else str)


def _is_moment(value: Any) -> bool:
    try:
        return datetime.fromisoformat(value).tzinfo is not None
    except (TypeError, ValueError):
        return False


def awaits_answer(stored: Any) -> bool:
    """Whether a gentle direct question is open, so that the next message must be read as its answer."""
    state = CareState.restore(stored)
    return state.path == CONCERN and state.pending is not None
