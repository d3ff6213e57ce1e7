"""The life of a ticket: one table of the allowed moves, and the groups that reports ask for."""

from __future__ import annotations

from bot.community.errors import InvalidTransition

NEW = "new"
ACCEPTED = "accepted"
DISPATCHED = "dispatched"
IN_PROGRESS = "in_progress"
RESOLVED = "resolved"
CLOSED = "closed"
CANCELLED = "cancelled"
REOPENED = "reopened"

MOVES: dict[str, frozenset[str]] = {
    NEW: frozenset({ACCEPTED, CANCELLED}),
    ACCEPTED: frozenset({DISPATCHED, CANCELLED}),
    DISPATCHED: frozenset({IN_PROGRESS, CANCELLED}),
    IN_PROGRESS: frozenset({RESOLVED, CANCELLED}),
    RESOLVED: frozenset({CLOSED, REOPENED}),
    CLOSED: frozenset({REOPENED}),
    REOPENED: frozenset({ACCEPTED, DISPATCHED, IN_PROGRESS, CANCELLED}),
    CANCELLED: frozenset(),
}

STATUSES = tuple(MOVES)
OPEN = frozenset({NEW, ACCEPTED, DISPATCHED, IN_PROGRESS, REOPENED})
FINISHED = frozenset({RESOLVED, CLOSED})


def check(current: str, wanted: str) -> None:
    """Raises InvalidTransition unless a ticket may go from one status to the other."""
    if wanted not in MOVES.get(current, frozenset()):
        raise InvalidTransition(current, wanted)


def is_open(status: str) -> bool:
    return status in OPEN
