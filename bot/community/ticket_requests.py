"""What a resident may do with their own ticket. Another's is NotFound, as one that does not exist."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy.orm import Session

from bot.community import actors, service_levels, ticket_log, ticket_states
from bot.community.clock import LOCAL, local_date
from bot.community.errors import InvalidValue, NotAllowed, TooOften
from bot.community.models.tickets import Ticket
from bot.community.rows import fit
from bot.community.ticket_views import TicketView, ticket_view

AMENDABLE = frozenset(
    {
        "compound_id",
        "compound_text",
        "building",
        "unit",
        "room",
        "public_place",
        "name",
        "phone",
        "available_text",
        "available_from",
        "available_to",
        "urgency",
    }
)
MOST_PHOTOS = 9
STARS = range(1, 6)


def amend(
    session: Session,
    number: str,
    *,
    resident_id: int,
    text: str = "",
    fields: Mapping[str, Any] | None = None,
    now: datetime,
) -> TicketView:
    """Add words to an open ticket, or correct fields of AMENDABLE; the event keeps what they were.

    Raises NotFound, NotAllowed when it is finished, InvalidValue.
    """
    changes = fit(Ticket, dict(fields or {}))
    for name in changes:
        if name not in AMENDABLE:
            raise InvalidValue(name, changes[name], "not_amendable")
    ticket = _open_own(session, number, resident_id, "amend")
    before = {name: _plain(getattr(ticket, name)) for name in changes}
    for name, value in changes.items():
        setattr(ticket, name, value)
    detail = {"before": before, "after": {name: _plain(value) for name, value in changes.items()}}
    _record_and_tell(session, ticket, "amended", resident_id, now, why=text, detail=detail)
    return ticket_view(ticket)


def urge(session: Session, number: str, *, resident_id: int, now: datetime) -> TicketView:
    """Ask the handler to hurry, once a local day. Raises NotFound, NotAllowed, TooOften (again_at: midnight)."""
    ticket = _open_own(session, number, resident_id, "urge")
    today = local_date(now)
    if ticket.urged_on is not None and ticket.urged_on >= today:
        raise TooOften("urge", datetime.combine(ticket.urged_on + timedelta(days=1), time(), tzinfo=LOCAL))
    ticket.urged_on = today
    _record_and_tell(session, ticket, "urged", resident_id, now)
    return ticket_view(ticket)


def cancel(session: Session, number: str, *, resident_id: int, why: str = "", now: datetime) -> TicketView:
    """Withdraw the ticket. Raises NotFound, InvalidTransition."""
    return _move(session, number, ticket_states.CANCELLED, resident_id, why, now, "ticket_cancelled")


def reopen(session: Session, number: str, *, resident_id: int, why: str = "", now: datetime) -> TicketView:
    """Have a resolved or closed matter done again; the times to answer start anew.

    Raises NotFound, InvalidTransition.
    """
    view = _move(session, number, ticket_states.REOPENED, resident_id, why, now, "ticket_reopened")
    ticket = ticket_log.by_number(session, view.number)
    ticket.respond_by, ticket.resolve_by = service_levels.due(ticket.category, ticket.urgency, now)
    ticket.warn_at, ticket.escalate_at = ticket.respond_by, ticket.resolve_by
    session.flush()
    return ticket_view(ticket)


def confirm(
    session: Session, number: str, *, resident_id: int, solved: bool, why: str = "", now: datetime
) -> TicketView:
    """The resident's answer to the follow-up: solved closes a resolved ticket, not solved reopens it.

    Raises NotFound, InvalidTransition.
    """
    if not solved:
        return reopen(session, number, resident_id=resident_id, why=why, now=now)
    return _move(session, number, ticket_states.CLOSED, resident_id, why, now, "ticket_confirmed")


def rate(
    session: Session, number: str, *, resident_id: int, stars: int, comment: str = "", now: datetime
) -> TicketView:
    """Keep 1 to 5 stars for a finished ticket; rated again, the last one counts and both are events.

    Raises NotFound, InvalidValue, NotAllowed before it is finished.
    """
    if stars not in STARS:
        raise InvalidValue("stars", stars, "out_of_range")
    ticket = ticket_log.by_number(session, number, resident_id=resident_id, lock=True)
    if ticket.status not in ticket_states.FINISHED:
        raise NotAllowed("rate", ticket.status)
    values = fit(Ticket, {"stars": int(stars), "rating_comment": comment or None})
    ticket.stars, ticket.rating_comment = values["stars"], values["rating_comment"]
    _record_and_tell(session, ticket, "rated", resident_id, now, why=comment, detail={"stars": int(stars)})
    return ticket_view(ticket)


def add_photo(session: Session, number: str, *, resident_id: int, photo_id: str, now: datetime) -> TicketView:
    """Add a stored photo (photos.store) to an open ticket; the same one counts once.

    Raises NotFound, NotAllowed, InvalidValue beyond MOST_PHOTOS.
    """
    ticket = _open_own(session, number, resident_id, "add_photo")
    if photo_id in ticket.photos:
        return ticket_view(ticket)
    if len(ticket.photos) >= MOST_PHOTOS:
        raise InvalidValue("photos", photo_id, "too_many")
    ticket.photos = [*ticket.photos, photo_id]
    _record_and_tell(session, ticket, "photo", resident_id, now, detail={"photo": photo_id})
    return ticket_view(ticket)


def _open_own(session: Session, number: str, resident_id: int, action: str) -> Any:
    ticket = ticket_log.by_number(session, number, resident_id=resident_id, lock=True)
    if not ticket_states.is_open(ticket.status):
        raise NotAllowed(action, ticket.status)
    return ticket


def _move(session: Session, number: str, to: str, resident_id: int, why: str, now: datetime, kind: str) -> TicketView:
    ticket = ticket_log.by_number(session, number, resident_id=resident_id, lock=True)
    event = ticket_log.move(session, ticket, to, actor=actors.resident(resident_id), why=why, now=now)
    ticket_log.tell_staff(session, ticket, event, kind, now=now)
    return ticket_view(ticket)


def _record_and_tell(
    session: Session,
    ticket: Any,
    kind: str,
    resident_id: int,
    now: datetime,
    *,
    why: str = "",
    detail: dict[str, Any] | None = None,
) -> None:
    actor = actors.resident(resident_id)
    event = ticket_log.record(session, ticket, kind, actor=actor, why=why, now=now, detail=detail)
    ticket_log.tell_staff(session, ticket, event, f"ticket_{kind}", now=now)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
