"""Several households, one fault: they join the first report and hear its end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from bot.community import actors, residents, ticket_log, ticket_states
from bot.community.errors import NotAllowed
from bot.community.models.tickets import Ticket, TicketJoin
from bot.community.rows import insert_once
from bot.community.ticket_views import TicketView, ticket_view

WINDOW = timedelta(hours=48)


@dataclass(frozen=True)
class SimilarTicket:
    """An open report of what may be the same fault. Nothing of who reported it; households counts all of them."""

    number: str
    category: str
    status: str
    building: str | None
    opened_at: datetime
    households: int


def similar_open(
    session: Session,
    *,
    compound_id: str,
    building: str | None,
    category: str,
    now: datetime,
    within: timedelta = WINDOW,
    limit: int = 3,
) -> list[SimilarTicket]:
    """Open tickets of the same category, compound and (where both name one) building, the oldest first."""
    joined = select(func.count()).where(TicketJoin.ticket_id == Ticket.id).scalar_subquery()
    query = (
        select(Ticket, joined)
        .where(
            Ticket.compound_id == compound_id,
            Ticket.category == category,
            Ticket.opened_at >= now - within,
            Ticket.status.in_(ticket_states.OPEN),
        )
        .order_by(Ticket.opened_at, Ticket.id)
        .limit(limit)
    )
    if building:
        query = query.where(or_(Ticket.building == building, Ticket.building.is_(None)))
    return [
        SimilarTicket(row.number, row.category, row.status, row.building, row.opened_at, 1 + count)
        for row, count in session.execute(query)
    ]


def join(session: Session, number: str, resident_id: int, *, now: datetime, sender_id: str | None = None) -> TicketView:
    """Add a household to an open ticket; joining again, or one's own, changes nothing.

    sender_id is where they hear of it, by default where they were seen last. Raises NotFound, NotAllowed.
    """
    ticket = ticket_log.by_number(session, number, lock=True)
    if not ticket_states.is_open(ticket.status):
        raise NotAllowed("join", ticket.status)
    if ticket.resident_id == resident_id:
        return ticket_view(ticket)
    sender_id = sender_id or next(iter(residents.senders(session, resident_id)), None)
    values = {"ticket_id": ticket.id, "resident_id": resident_id, "sender_id": sender_id, "joined_at": now}
    if insert_once(session, TicketJoin, values, unique=["ticket_id", "resident_id"]):
        ticket_log.record(session, ticket, "joined", actor=actors.resident(resident_id), now=now)
    return ticket_view(ticket)
