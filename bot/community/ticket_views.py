"""What goes into a ticket and what comes out: plain values that outlive the transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class TicketDraft:
    """A ticket to open. Only category is needed; source is bot, desk, open311 …

    compound_text is the place in the resident's words, public_place one outside a home. photos are ids of photos.store.
    """

    category: str
    description: str = ""
    resident_id: int | None = None
    sender_id: str | None = None
    community_id: str | None = None
    compound_id: str | None = None
    compound_text: str | None = None
    building: str | None = None
    unit: str | None = None
    room: str | None = None
    public_place: str | None = None
    name: str | None = None
    phone: str | None = None
    available_text: str | None = None
    available_from: datetime | None = None
    available_to: datetime | None = None
    urgency: str = "routine"
    photos: Sequence[str] = field(default_factory=list)
    anonymous: bool = False
    source: str = "bot"


@dataclass(frozen=True)
class TicketView:
    """A ticket as the edges see it. assignee is who handles it, in words, None while nobody is known."""

    id: int
    number: str
    kind: str
    status: str
    category: str
    urgency: str
    description: str
    source: str
    sender_id: str | None
    resident_id: int | None
    anonymous: bool
    name: str | None
    phone: str | None
    community_id: str | None
    grid_id: str | None
    compound_id: str | None
    compound_text: str | None
    building: str | None
    unit: str | None
    room: str | None
    public_place: str | None
    available_text: str | None
    available_from: datetime | None
    available_to: datetime | None
    photos: Sequence[str]
    assignee: str | None
    assignee_phone: str | None
    staff_id: int | None
    opened_at: datetime
    updated_at: datetime
    respond_by: datetime
    resolve_by: datetime
    responded_at: datetime | None
    resolved_at: datetime | None
    closed_at: datetime | None
    outcome: str | None
    stars: int | None
    rating_comment: str | None
    reopened_count: int


@dataclass(frozen=True)
class TicketEventView:
    """A line of a ticket's history."""

    at: datetime
    kind: str
    from_status: str | None
    to_status: str | None
    actor: str
    why: str
    detail: Mapping[str, Any]


def ticket_view(row: Any) -> TicketView:
    return TicketView(**{name: getattr(row, name) for name in TicketView.__dataclass_fields__})


def event_view(row: Any) -> TicketEventView:
    return TicketEventView(**{name: getattr(row, name) for name in TicketEventView.__dataclass_fields__})
