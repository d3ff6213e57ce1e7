"""The life of a referral: one table of the allowed moves."""

from __future__ import annotations

from bot.community.errors import InvalidTransition

REQUESTED = "requested"
MATCHED = "matched"
BOOKED = "booked"
ATTENDED = "attended"
NO_SHOW = "no_show"
CLOSED = "closed"
CANCELLED = "cancelled"

MOVES: dict[str, frozenset[str]] = {
    REQUESTED: frozenset({MATCHED, CANCELLED}),
    MATCHED: frozenset({BOOKED, CANCELLED}),
    BOOKED: frozenset({ATTENDED, NO_SHOW, CANCELLED}),
    ATTENDED: frozenset({CLOSED}),
    NO_SHOW: frozenset({CLOSED}),
    CLOSED: frozenset(),
    CANCELLED: frozenset(),
}

STATUSES = tuple(MOVES)
OPEN = frozenset({REQUESTED, MATCHED, BOOKED})


def check(current: str, wanted: str) -> None:
    """Raises InvalidTransition unless a referral may go from one status to the other."""
    if wanted not in MOVES.get(current, frozenset()):
        raise InvalidTransition(current, wanted)
