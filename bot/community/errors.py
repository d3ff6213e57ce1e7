"""Refusals of the core: one class per thing a caller can act on. Data in attributes, wording at the edges.

CommunityError
├── UnknownCategory      id
├── NotFound             kind, id
├── NotAllowed           action, reason
├── InvalidTransition    current, wanted
├── InvalidValue         field, value, reason
├── ConsentMissing       purpose
├── AlreadyTaken         subject, by
├── TooOften             action, again_at
└── DatabaseBusy         attempts
"""

from __future__ import annotations

from datetime import datetime
from typing import Any


class CommunityError(Exception):
    """Base of all refusals of the core."""


class UnknownCategory(CommunityError):
    """The id is not in data/taxonomy.yml."""

    def __init__(self, id: str) -> None:
        super().__init__(f"unknown category {id!r}")
        self.id = id


class NotFound(CommunityError):
    """No such row, or none that the caller may know of."""

    def __init__(self, kind: str, id: object) -> None:
        super().__init__(f"no {kind} {id!r}")
        self.kind = kind
        self.id = id


class NotAllowed(CommunityError):
    """The row exists, and who asks may not do this with it; reason is an id, not a sentence."""

    def __init__(self, action: str, reason: str = "") -> None:
        super().__init__(f"not allowed: {action} {reason}".rstrip())
        self.action = action
        self.reason = reason


class InvalidTransition(CommunityError):
    """The state machine has no such move."""

    def __init__(self, current: str, wanted: str) -> None:
        super().__init__(f"no move from {current!r} to {wanted!r}")
        self.current = current
        self.wanted = wanted


class InvalidValue(CommunityError):
    """A value breaks a rule; reason is an id such as "too_long", not a sentence."""

    def __init__(self, field: str, value: Any, reason: str) -> None:
        super().__init__(f"invalid {field}: {reason}")
        self.field = field
        self.value = value
        self.reason = reason


class ConsentMissing(CommunityError):
    """The resident has not agreed to this purpose."""

    def __init__(self, purpose: str) -> None:
        super().__init__(f"consent missing for {purpose}")
        self.purpose = purpose


class AlreadyTaken(CommunityError):
    """Somebody else was first; by names them where known."""

    def __init__(self, subject: object, by: object = None) -> None:
        super().__init__(f"{subject!r} is taken")
        self.subject = subject
        self.by = by


class TooOften(CommunityError):
    """The same action again too soon; again_at is the first moment it is possible, where known."""

    def __init__(self, action: str, again_at: datetime | None = None) -> None:
        super().__init__(f"too often: {action}")
        self.action = action
        self.again_at = again_at


class DatabaseBusy(CommunityError):
    """The database stayed locked, or transactions kept colliding, through every attempt."""

    def __init__(self, attempts: int) -> None:
        super().__init__(f"database busy after {attempts} attempts")
        self.attempts = attempts
