"""A resident's rights: all that is kept about them as a copy, and its erasure with word of what stays and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from bot.community import actors, ticket_states
from bot.community.audit import audit
from bot.community.errors import NotAllowed, NotFound
from bot.community.models.conversations import ConversationSession, HandoffEvent, InboundMessage, Message
from bot.community.models.crisis import CrisisAlarm
from bot.community.models.notifications import Notification
from bot.community.models.referrals import Referral
from bot.community.models.residents import Consent, Identity, LinkCode, Resident
from bot.community.models.tickets import Ticket, TicketEvent, TicketJoin

PERSONAL_OF_TICKET: Mapping[str, Any] = {
    "sender_id": None,
    "name": None,
    "phone": None,
    "building": None,
    "unit": None,
    "room": None,
    "compound_text": None,
    "public_place": None,
    "available_text": None,
    "available_from": None,
    "available_to": None,
    "rating_comment": None,
    "description": "",
    "photos": [],
}
PERSONAL_OF_REFERRAL: Mapping[str, Any] = {
    "sender_id": "erased",
    "called": None,
    "contact": None,
    "note": None,
    "preferred_time_text": None,
}


@dataclass(frozen=True)
class Kept:
    """Something that stays: what (ticket, referral, crisis_record) with its number, and why.

    reason is "open_case" (it is being worked on) or "legal_retention" (records of crises are kept by law).
    """

    what: str
    number: str
    reason: str


@dataclass(frozen=True)
class Erasure:
    """What was erased, in numbers of rows, and what stays."""

    erased: Mapping[str, int]
    kept: tuple[Kept, ...]


def export(session: Session, resident_id: int) -> dict[str, Any]:
    """Everything that is kept about a resident, as JSON can hold it, except who of the staff read it."""
    resident = _get(session, resident_id)
    sender_ids = _senders(session, resident_id)
    return {
        "resident": _plain(resident),
        "identities": sender_ids,
        "consents": _rows(session, Consent, Consent.resident_id == resident_id),
        "tickets": _rows(session, Ticket, Ticket.resident_id == resident_id),
        "referrals": _rows(session, Referral, Referral.resident_id == resident_id),
        "messages": _rows(session, Message, Message.sender_id.in_(sender_ids)),
    }


def erase(session: Session, resident_id: int, *, actor: str, now: datetime) -> Erasure:
    """Forget the person; tickets stay as numbers for the statistics, cases and crises stay until their end.

    Raises NotAllowed under a legal hold, NotFound. A later message makes a new resident.
    """
    resident = _get(session, resident_id)
    if resident.legal_hold:
        raise NotAllowed("erase", "legal_hold")
    kept = _kept(session, resident_id)
    counts = {
        "tickets": _strip_tickets(session, resident_id),
        "referrals": _strip_referrals(session, resident_id),
        "messages": _erase_log(session, _senders(session, resident_id)),
    }
    _forget_person(session, resident, kept, now)
    audit(session, actor, "resident.erase", actors.resident(resident_id), {"erased": counts}, now=now)
    return Erasure(counts, tuple(kept))


def _kept(session: Session, resident_id: int) -> list[Kept]:
    tickets = select(Ticket.number).where(Ticket.resident_id == resident_id, Ticket.status.in_(ticket_states.OPEN))
    referrals = select(Referral.number).where(Referral.resident_id == resident_id, Referral.closed_at.is_(None))
    alarms = select(CrisisAlarm.number).where(CrisisAlarm.sender_id.in_(_senders(session, resident_id)))
    return [
        *(Kept("ticket", number, "open_case") for number in session.scalars(tickets)),
        *(Kept("referral", number, "open_case") for number in session.scalars(referrals)),
        *(Kept("crisis_record", number, "legal_retention") for number in session.scalars(alarms)),
    ]


def _strip_tickets(session: Session, resident_id: int) -> int:
    finished = select(Ticket.id).where(Ticket.resident_id == resident_id, Ticket.status.notin_(ticket_states.OPEN))
    ids = list(session.scalars(finished))
    _update(session, update(TicketEvent).where(TicketEvent.ticket_id.in_(ids)).values(why="", detail={}))
    _update(session, update(TicketJoin).where(TicketJoin.resident_id == resident_id).values(sender_id=None))
    return _update(session, update(Ticket).where(Ticket.id.in_(ids)).values(**PERSONAL_OF_TICKET))


def _strip_referrals(session: Session, resident_id: int) -> int:
    closed = (Referral.resident_id == resident_id, Referral.closed_at.isnot(None))
    return _update(session, update(Referral).where(*closed).values(**PERSONAL_OF_REFERRAL))


def _erase_log(session: Session, sender_ids: list[str]) -> int:
    """The log without the sessions of a crisis, whose records the law keeps."""
    ordinary = select(ConversationSession.id).where(
        ConversationSession.sender_id.in_(sender_ids), ConversationSession.crisis == "none"
    )
    alarmed = select(CrisisAlarm.session_id)
    ids = list(session.scalars(ordinary.where(ConversationSession.id.notin_(alarmed))))
    erased = _update(session, delete(Message).where(Message.session_id.in_(ids)))
    _update(session, delete(HandoffEvent).where(HandoffEvent.session_id.in_(ids)))
    _update(session, delete(ConversationSession).where(ConversationSession.id.in_(ids)))
    _update(session, delete(InboundMessage).where(InboundMessage.sender_id.in_(sender_ids)))
    _update(session, delete(LinkCode).where(LinkCode.sender_id.in_(sender_ids)))
    _update(session, delete(Notification).where(Notification.recipient.in_(sender_ids)))
    return erased


def _forget_person(session: Session, resident: Any, kept: list[Kept], now: datetime) -> None:
    for name in ("name", "phone", "community_id", "compound_id", "building", "unit", "room"):
        setattr(resident, name, None)
    resident.preferences = {}
    resident.erased_at = now
    if not any(case.reason == "open_case" for case in kept):
        _update(session, delete(Identity).where(Identity.resident_id == resident.id))
    session.flush()
    session.expire_all()


def _senders(session: Session, resident_id: int) -> list[str]:
    query = select(Identity.sender_id).where(Identity.resident_id == resident_id)
    return list(session.scalars(query.order_by(Identity.sender_id)))


def _update(session: Session, statement: Any) -> int:
    return session.execute(statement.execution_options(synchronize_session=False)).rowcount


def _rows(session: Session, model: Any, condition: Any) -> list[dict[str, Any]]:
    return [_plain(row) for row in session.scalars(select(model).where(condition).order_by(model.id))]


def _plain(row: Any) -> dict[str, Any]:
    values = {column.key: getattr(row, column.key) for column in row.__table__.c}
    return {name: _json(value) for name, value in values.items() if value is not None}


def _json(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def _get(session: Session, resident_id: int) -> Any:
    resident = session.get(Resident, resident_id)
    if resident is None:
        raise NotFound("resident", resident_id)
    return resident
