"""Tickets: opened once per key, changed by one table of moves, every change an event."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.community import actors, assignment, numbering, residents, service_levels, taxonomy, ticket_log, ticket_states
from bot.community.errors import InvalidValue
from bot.community.models.tickets import Ticket, TicketEvent
from bot.community.numbering import normalise_number
from bot.community.rows import insert_once, short_key
from bot.community.ticket_joins import SimilarTicket, join, similar_open
from bot.community.ticket_lists import TicketFilters, list_own, list_tickets
from bot.community.ticket_requests import add_photo, amend, cancel, confirm, rate, reopen, urge
from bot.community.ticket_views import TicketDraft, TicketEventView, TicketView, event_view, ticket_view

__all__ = [
    "SimilarTicket",
    "TicketDraft",
    "TicketEventView",
    "TicketFilters",
    "TicketView",
    "add_photo",
    "amend",
    "assign",
    "cancel",
    "change_status",
    "confirm",
    "events",
    "get",
    "join",
    "list_own",
    "list_tickets",
    "normalise_number",
    "open_ticket",
    "rate",
    "reopen",
    "send_back",
    "similar_open",
    "urge",
]

LONGEST_KEY = 512
TOLD_IN_CONVERSATION = ("bot",)
"""Sources whose reporter reads the number in the reply to the message that opened the ticket."""


def open_ticket(session: Session, draft: TicketDraft, *, key: str, now: datetime) -> TicketView:
    """Open a ticket and queue its notices; the caller's transaction makes all or nothing.

    key is "<sender id>:<message id>": the same key returns the first ticket again, since channels resend.
    Values too long for their column are cut, never a reason to refuse. Raises UnknownCategory, and InvalidValue for
    an unknown urgency or a psychological category, which is a referral's (referrals.request).
    """
    category = taxonomy.category(draft.category)
    _check(draft, category)
    key = short_key(key, LONGEST_KEY)
    ticket = _by_key(session, key)
    if ticket is None:
        is_new = insert_once(session, Ticket, _values(session, draft, category, key, now), unique=["key"])
        ticket = _by_key(session, key)
        if is_new:
            _announce(session, ticket, now)
    return ticket_view(ticket)


def get(session: Session, number: str, *, resident_id: int | None = None) -> TicketView:
    """The ticket of that number; with resident_id only their own. Raises NotFound."""
    return ticket_view(ticket_log.by_number(session, number, resident_id=resident_id))


def events(session: Session, number: str, *, resident_id: int | None = None, limit: int = 200) -> list[TicketEventView]:
    """The ticket's history in order. Raises NotFound."""
    ticket = ticket_log.by_number(session, number, resident_id=resident_id)
    query = select(TicketEvent).where(TicketEvent.ticket_id == ticket.id).order_by(TicketEvent.id).limit(limit)
    return [event_view(row) for row in session.scalars(query)]


def change_status(
    session: Session, number: str, to: str, *, actor: str, why: str = "", now: datetime, outcome: str | None = None
) -> TicketView:
    """Move a ticket on and tell the residents. actor is of actors.py; outcome names how it ended.

    Raises NotFound, InvalidTransition.
    """
    ticket = ticket_log.by_number(session, number, lock=True)
    event = ticket_log.move(session, ticket, to, actor=actor, why=why, now=now)
    if outcome is not None:
        ticket.outcome = outcome[:64]
    ticket_log.tell_residents(session, ticket, event, "ticket_status", now=now)
    return ticket_view(ticket)


def assign(
    session: Session,
    number: str,
    *,
    assignee: str,
    phone: str | None = None,
    staff_id: int | None = None,
    actor: str,
    now: datetime,
) -> TicketView:
    """Give the ticket to a handler, in words, and to a member of staff where it is one. Raises NotFound."""
    ticket = ticket_log.by_number(session, number, lock=True)
    detail = {"from": ticket.assignee, "to": assignee}
    ticket.assignee, ticket.assignee_phone, ticket.staff_id = assignee[:128], phone, staff_id
    event = ticket_log.record(session, ticket, "assigned", actor=actor, now=now, detail=detail)
    ticket_log.tell_staff(session, ticket, event, "ticket_assigned", now=now)
    return ticket_view(ticket)


def send_back(session: Session, number: str, *, actor: str, why: str, now: datetime) -> TicketView:
    """The handler returns a dispatched ticket that is not theirs (退单); the desk routes it anew.

    Raises NotFound, InvalidValue without a reason or when it is not with a handler.
    """
    ticket = ticket_log.by_number(session, number, lock=True)
    if not why.strip():
        raise InvalidValue("why", why, "empty")
    if ticket.status not in (ticket_states.DISPATCHED, ticket_states.IN_PROGRESS):
        raise InvalidValue("status", ticket.status, "not_dispatched")
    detail = {"from": ticket.assignee}
    ticket.assignee = ticket.assignee_phone = ticket.staff_id = None
    event = ticket_log.record(session, ticket, "sent_back", actor=actor, why=why, now=now, detail=detail)
    ticket_log.tell_staff(session, ticket, event, "ticket_sent_back", now=now)
    return ticket_view(ticket)


def _check(draft: TicketDraft, category: taxonomy.Category) -> None:
    if category.domain == "psychology":
        raise InvalidValue("category", category.id, "needs_referral")
    if draft.urgency not in taxonomy.URGENCY_LEVELS:
        raise InvalidValue("urgency", draft.urgency, "unknown_urgency")


def _by_key(session: Session, key: str) -> Any:
    return session.scalars(select(Ticket).where(Ticket.key == key)).one_or_none()


def _values(
    session: Session, draft: TicketDraft, category: taxonomy.Category, key: str, now: datetime
) -> dict[str, Any]:
    values = {name: getattr(draft, name) for name in TicketDraft.__dataclass_fields__}
    kind = numbering.kind_of_domain(category.domain)
    place = assignment.propose(session, domain=category.domain, compound_id=draft.compound_id, building=draft.building)
    respond_by, resolve_by = service_levels.due(category.id, draft.urgency, now)
    resident_id = draft.resident_id
    if resident_id is None and draft.sender_id:
        resident_id = residents.resolve(session, draft.sender_id, now=now).id
    return values | {
        "key": key,
        "kind": kind,
        "number": numbering.next_number(session, kind, now=now),
        "status": ticket_states.NEW,
        "photos": list(draft.photos),
        "resident_id": resident_id,
        "name": None if draft.anonymous else draft.name,
        "community_id": draft.community_id or place.community_id,
        "grid_id": place.grid_id,
        "assignee": place.assignee,
        "assignee_phone": place.phone,
        "opened_at": now,
        "updated_at": now,
        "respond_by": respond_by,
        "resolve_by": resolve_by,
        "warn_at": respond_by,
        "escalate_at": resolve_by,
    }


def _announce(session: Session, ticket: Any, now: datetime) -> None:
    actor = actors.resident(ticket.resident_id) if ticket.source in TOLD_IN_CONVERSATION else ticket.source
    event = ticket_log.record(session, ticket, "opened", actor=actor, now=now, statuses=(None, ticket_states.NEW))
    ticket_log.tell_staff(session, ticket, event, "ticket_opened", now=now)
    if ticket.source not in TOLD_IN_CONVERSATION:
        ticket_log.tell_residents(session, ticket, event, "ticket_opened", now=now)
