"""Lists of tickets, by page: the last id of a page is the `before` of the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bot.community import taxonomy, ticket_states
from bot.community.models.tickets import Ticket
from bot.community.rows import is_one_of
from bot.community.ticket_views import TicketView, ticket_view


@dataclass(frozen=True)
class TicketFilters:
    """What to list; None leaves a filter out. open_only leaves out resolved, closed and cancelled ones."""

    open_only: bool = False
    status: str | None = None
    kind: str | None = None
    domain: str | None = None
    category: str | None = None
    urgency: str | None = None
    community_ids: Sequence[str] | None = None
    grid_id: str | None = None
    compound_id: str | None = None
    staff_id: int | None = None
    opened_since: datetime | None = None
    opened_until: datetime | None = None
    due_before: datetime | None = None


def list_own(
    session: Session, resident_id: int, *, open_only: bool = False, limit: int = 5, before: int | None = None
) -> list[TicketView]:
    """A resident's own tickets, the newest first."""
    query = select(Ticket).where(Ticket.resident_id == resident_id)
    if open_only:
        query = query.where(_is_open())
    return _page(session, query, limit, before)


def list_tickets(
    session: Session, filters: TicketFilters | None = None, *, limit: int = 50, before: int | None = None
) -> list[TicketView]:
    """Tickets for the staff, the newest first."""
    query = select(Ticket).where(*_conditions(filters or TicketFilters()))
    return _page(session, query, limit, before)


def _page(session: Session, query: Any, limit: int, before: int | None) -> list[TicketView]:
    if before is not None:
        query = query.where(Ticket.id < before)
    return [ticket_view(row) for row in session.scalars(query.order_by(Ticket.id.desc()).limit(limit))]


def _is_open() -> Any:
    # In the words of the partial indexes, so that the databases recognise it.
    over = (ticket_states.RESOLVED, ticket_states.CLOSED, ticket_states.CANCELLED)
    return is_one_of(Ticket.status, over, negated=True)


def _conditions(filters: TicketFilters) -> list[Any]:
    conditions: list[Any] = [
        getattr(Ticket, name) == wanted
        for name in ("status", "kind", "category", "urgency", "grid_id", "compound_id", "staff_id")
        if (wanted := getattr(filters, name)) is not None
    ]
    if filters.open_only:
        conditions.append(_is_open())
    if filters.domain is not None:
        conditions.append(Ticket.category.in_([found.id for found in taxonomy.categories(filters.domain)]))
    if filters.community_ids is not None:
        # One that names no community is everybody's, so that it is not lost between them.
        named = Ticket.community_id
        conditions.append(or_(named.in_(list(filters.community_ids)), named.is_(None)))
    if filters.opened_since is not None:
        conditions.append(Ticket.opened_at >= filters.opened_since)
    if filters.opened_until is not None:
        conditions.append(Ticket.opened_at < filters.opened_until)
    if filters.due_before is not None:
        conditions.append(Ticket.resolve_by < filters.due_before)
    return conditions
