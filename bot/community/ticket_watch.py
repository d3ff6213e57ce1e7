"""Watching the service levels: a warning before a ticket is late, the whole desk once it is."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.community import actors, notifications, ticket_log
from bot.community.models.tickets import Ticket
from bot.community.ticket_views import TicketView, ticket_view


def warn_due(session: Session, *, now: datetime, limit: int = 100) -> list[TicketView]:
    """Warn the handlers of tickets that nobody accepted in time or whose time to resolve runs out, once each.

    Several processes may do it at once. Call again while `limit` were found.
    """
    found = _due(session, Ticket.warn_at, now, limit)
    for ticket in found:
        ticket.warn_at = None
        event = ticket_log.record(session, ticket, "warned", actor=actors.SYSTEM, now=now)
        ticket_log.tell_staff(session, ticket, event, "ticket_warned", now=now)
    return [ticket_view(ticket) for ticket in found]


def escalate_due(session: Session, *, now: datetime, limit: int = 100) -> list[TicketView]:
    """Call the handler and the whole desk for tickets that were not resolved in time, once per opening."""
    found = _due(session, Ticket.escalate_at, now, limit)
    for ticket in found:
        ticket.warn_at = ticket.escalate_at = None
        event = ticket_log.record(session, ticket, "escalated", actor=actors.SYSTEM, now=now)
        ticket_log.tell_staff(session, ticket, event, "ticket_late", now=now)
        ticket_log.notify(session, ticket, event, notifications.STAFF_ALL, "ticket_late", now=now)
    return [ticket_view(ticket) for ticket in found]


def _due(session: Session, moment: Any, now: datetime, limit: int) -> list[Any]:
    query = select(Ticket).where(moment.isnot(None), moment <= now).order_by(moment, Ticket.id).limit(limit)
    query = query.with_for_update(skip_locked=True).execution_options(populate_existing=True)
    return list(session.scalars(query))
