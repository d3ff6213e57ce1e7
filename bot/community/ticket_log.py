"""Reading a ticket to change it, and writing the change: the row, its event and the notices, all or nothing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.community import notifications, service_levels, ticket_states
from bot.community.errors import NotFound
from bot.community.models.tickets import Ticket, TicketEvent, TicketJoin
from bot.community.rows import fit


def by_number(session: Session, number: str, *, resident_id: int | None = None, lock: bool = False) -> Any:
    """The ticket's row. With resident_id only their own: another's is NotFound, as one that does not exist."""
    query = select(Ticket).where(Ticket.number == number)
    if resident_id is not None:
        query = query.where(Ticket.resident_id == resident_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    ticket = session.scalars(query).one_or_none()
    if ticket is None:
        raise NotFound("ticket", number)
    return ticket


def record(
    session: Session,
    ticket: Any,
    kind: str,
    *,
    actor: str,
    now: datetime,
    why: str = "",
    detail: dict[str, Any] | None = None,
    statuses: tuple[str | None, str | None] = (None, None),
) -> Any:
    """Write the event of a change. Times of one ticket never run backwards, whatever the callers' clocks say."""
    at = max(now, ticket.updated_at)
    ticket.updated_at = at
    values = {
        "ticket_id": ticket.id,
        "at": at,
        "kind": kind,
        "from_status": statuses[0],
        "to_status": statuses[1],
        "actor": actor,
        "why": why,
        "detail": detail or {},
    }
    event = TicketEvent(**fit(TicketEvent, values))
    session.add(event)
    session.flush()
    return event


def move(
    session: Session, ticket: Any, to: str, *, actor: str, why: str, now: datetime, detail: dict[str, Any] | None = None
) -> Any:
    """Change the status by the table of ticket_states and write its event. Raises InvalidTransition."""
    ticket_states.check(ticket.status, to)
    before, ticket.status = ticket.status, to
    event = record(session, ticket, "status", actor=actor, why=why, now=now, detail=detail, statuses=(before, to))
    _stamp(ticket, to, event.at)
    session.flush()
    return event


def tell_residents(session: Session, ticket: Any, event: Any, kind: str, *, now: datetime) -> None:
    """Queue the news for the reporter and for everybody who joined."""
    joined = select(TicketJoin.sender_id).where(TicketJoin.ticket_id == ticket.id).order_by(TicketJoin.id)
    recipients = dict.fromkeys([ticket.sender_id, *session.scalars(joined)])
    for recipient in filter(None, recipients):
        notify(session, ticket, event, recipient, kind, now=now)


def tell_staff(session: Session, ticket: Any, event: Any, kind: str, *, now: datetime) -> None:
    """Queue the news for the member of staff who has it, or for everybody on the console."""
    recipient = f"staff:{ticket.staff_id}" if ticket.staff_id else notifications.STAFF_ALL
    notify(session, ticket, event, recipient, kind, now=now)


def notify(session: Session, ticket: Any, event: Any, recipient: str, kind: str, *, now: datetime) -> None:
    """Queue the news of an event for one recipient, once."""
    payload = {
        "number": ticket.number,
        "category": ticket.category,
        "status": ticket.status,
        "from_status": event.from_status,
        "why": event.why,
        "assignee": ticket.assignee,
    }
    key = f"ticket:{ticket.number}:{event.id}:{recipient}"
    notifications.enqueue(session, recipient=recipient, kind=kind, payload=payload, key=key, now=now)


def _stamp(ticket: Any, status: str, at: datetime) -> None:
    if status == ticket_states.ACCEPTED:
        ticket.responded_at = ticket.responded_at or at
        ticket.warn_at = ticket.escalate_at and service_levels.warn_at(at, ticket.resolve_by)
    elif status == ticket_states.RESOLVED:
        ticket.resolved_at = at
    elif status in (ticket_states.CLOSED, ticket_states.CANCELLED):
        ticket.closed_at = at
    elif status == ticket_states.REOPENED:
        ticket.resolved_at = ticket.closed_at = None
        ticket.reopened_count += 1
    if not ticket_states.is_open(status):
        ticket.warn_at = ticket.escalate_at = None
