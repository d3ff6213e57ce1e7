"""Referrals to counsellors and social workers: stored with consent, read by the psychology roles alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from bot.community import actors, notifications, numbering, referral_slots, referral_states, residents, staff, taxonomy
from bot.community.errors import ConsentMissing, InvalidValue, NotAllowed, NotFound
from bot.community.models.people import Person
from bot.community.models.referrals import Referral, ReferralEvent, ReferralRead
from bot.community.referral_views import (
    CONTACT_WAYS,
    READING_ROLES,
    Reader,
    ReferralDraft,
    ReferralEventView,
    ReferralView,
    referral_view,
)
from bot.community.rows import fit, insert_once, short_key

__all__ = ["Reader", "ReferralDraft", "ReferralEventView", "ReferralView"]

KIND = numbering.KINDS["psychology"]


def request(session: Session, draft: ReferralDraft, *, key: str, now: datetime) -> ReferralView:
    """Store a request with the consent to it, and tell the counsellors that there is one (not what it says).

    The same key returns the first one again. An anonymous one keeps no name. Raises ConsentMissing before anything
    is stored, InvalidValue, UnknownCategory.
    """
    _check(session, draft)
    key = short_key(key, 512)
    row = _by_key(session, key)
    if row is None:
        is_new = insert_once(session, Referral, _values(session, draft, key, now), unique=["key"])
        row = _by_key(session, key)
        if is_new:
            residents.grant_consent(session, draft.resident_id, residents.PSYCHOLOGY, now=now)
            actor = actors.resident(draft.resident_id)
            event = _record(session, row, None, referral_states.REQUESTED, actor=actor, why="", now=now)
            _tell_counsellors(session, row, event, now)
    return _view(session, row)


def get(
    session: Session,
    number: str,
    *,
    now: datetime,
    reader: Reader | None = None,
    resident_id: int | None = None,
) -> ReferralView:
    """The referral for a reader of READING_ROLES, who is recorded, or for the resident whose own it is.

    A resident's look needs no writing transaction, a reader's does. Raises NotFound, NotAllowed for other roles.
    """
    if (reader is None) == (resident_id is None):
        raise InvalidValue("reader", reader, "reader_or_resident")
    if reader is None:
        return _view(session, _by_number(session, number, resident_id=resident_id))
    _check_role(reader)
    row = _by_number(session, number)
    _record_reads(session, [row], reader, now)
    return _view(session, row)


def list_own(session: Session, resident_id: int, *, limit: int = 5) -> list[ReferralView]:
    """A resident's own referrals, the newest first."""
    query = select(Referral).where(Referral.resident_id == resident_id)
    return _views(session, session.scalars(query.order_by(Referral.id.desc()).limit(limit)).all())


def list_for(
    session: Session,
    reader: Reader,
    *,
    now: datetime,
    status: str | None = None,
    limit: int = 50,
    before: int | None = None,
) -> list[ReferralView]:
    """Referrals for a reader, the newest first; each one shown is recorded as read. Raises NotAllowed."""
    _check_role(reader)
    query = select(Referral)
    if status is not None:
        query = query.where(Referral.status == status)
    if before is not None:
        query = query.where(Referral.id < before)
    rows = session.scalars(query.order_by(Referral.id.desc()).limit(limit)).all()
    _record_reads(session, rows, reader, now)
    return _views(session, rows)


def match(
    session: Session, number: str, *, counsellor_id: str, reader: Reader, why: str = "", now: datetime
) -> ReferralView:
    """Give a requested referral to a counsellor. Raises NotFound, NotAllowed, InvalidTransition."""
    row = _for_change(session, number, reader, now)
    if session.get(Person, counsellor_id) is None:
        raise NotFound("person", counsellor_id)
    row.counsellor_id = counsellor_id
    return _move(session, row, referral_states.MATCHED, actors.staff(reader.staff_id), why, now)


def book(
    session: Session, number: str, *, starts_at: datetime, minutes: int, reader: Reader, now: datetime
) -> ReferralView:
    """Book the matched counsellor's time, in half hours. Raises AlreadyTaken, InvalidValue, InvalidTransition."""
    row = _for_change(session, number, reader, now)
    referral_states.check(row.status, referral_states.BOOKED)
    row.ends_at = referral_slots.reserve(session, row.counsellor_id, starts_at, minutes, row.id)
    row.starts_at = starts_at
    return _move(session, row, referral_states.BOOKED, actors.staff(reader.staff_id), "", now)


def change_status(
    session: Session, number: str, to: str, *, reader: Reader, why: str = "", now: datetime
) -> ReferralView:
    """Move a referral to attended, no_show, closed or cancelled; match and book do the rest.

    Raises NotFound, NotAllowed, InvalidTransition, InvalidValue.
    """
    row = _for_change(session, number, reader, now)
    if to in (referral_states.MATCHED, referral_states.BOOKED):
        raise InvalidValue("status", to, "needs_match_or_book")
    return _move(session, row, to, actors.staff(reader.staff_id), why, now)


def cancel(session: Session, number: str, *, resident_id: int, why: str = "", now: datetime) -> ReferralView:
    """The resident withdraws; a booked time is free again. Raises NotFound, InvalidTransition."""
    row = _by_number(session, number, resident_id=resident_id, lock=True)
    return _move(session, row, referral_states.CANCELLED, actors.resident(resident_id), why, now)


def events(session: Session, number: str, *, limit: int = 100) -> list[ReferralEventView]:
    """The referral's history in order: who and when, without the resident's words."""
    row = _by_number(session, number)
    query = select(ReferralEvent).where(ReferralEvent.referral_id == row.id).order_by(ReferralEvent.id).limit(limit)
    names = ReferralEventView.__dataclass_fields__
    return [ReferralEventView(**{name: getattr(event, name) for name in names}) for event in session.scalars(query)]


def reads(session: Session, number: str, *, limit: int = 100) -> list[tuple[int, str, datetime]]:
    """Who looked at a referral, the latest first: (staff id, role, when)."""
    row = _by_number(session, number)
    query = select(ReferralRead).where(ReferralRead.referral_id == row.id).order_by(ReferralRead.id.desc())
    return [(read.staff_id, read.role, read.at) for read in session.scalars(query.limit(limit))]


def _check(session: Session, draft: ReferralDraft) -> None:
    if not draft.consent_given:
        raise ConsentMissing(residents.PSYCHOLOGY)
    if taxonomy.category(draft.topic).domain != "psychology":
        raise InvalidValue("topic", draft.topic, "not_psychological")
    if draft.contact_way not in CONTACT_WAYS:
        raise InvalidValue("contact_way", draft.contact_way, "unknown_way")
    residents.get(session, draft.resident_id)


def _values(session: Session, draft: ReferralDraft, key: str, now: datetime) -> dict[str, Any]:
    names = set(ReferralDraft.__dataclass_fields__) - {"consent_given"}
    known = draft.counsellor_id is not None and session.get(Person, draft.counsellor_id) is not None
    return {name: getattr(draft, name) for name in names} | {
        "key": key,
        "number": numbering.next_number(session, KIND, now=now),
        "status": referral_states.REQUESTED,
        "counsellor_id": draft.counsellor_id if known else None,
        "requested_at": now,
        "updated_at": now,
    }


def _move(session: Session, row: Any, to: str, actor: str, why: str, now: datetime) -> ReferralView:
    referral_states.check(row.status, to)
    before, row.status = row.status, to
    event = _record(session, row, before, to, actor=actor, why=why, now=now)
    if to == referral_states.CANCELLED:
        referral_slots.release(session, row.id)
    if to in (referral_states.CLOSED, referral_states.CANCELLED):
        row.closed_at = event.at
    if actor != actors.resident(row.resident_id):
        payload = {"number": row.number, "status": to, "starts_at": row.starts_at and row.starts_at.isoformat()}
        key = f"referral:{row.number}:{event.id}:{row.sender_id}"
        notifications.enqueue(
            session, recipient=row.sender_id, kind="referral_status", payload=payload, key=key, now=now
        )
    else:
        _tell_counsellors(session, row, event, now)
    session.flush()
    return _view(session, row)


def _record(session: Session, row: Any, before: str | None, to: str, *, actor: str, why: str, now: datetime) -> Any:
    row.updated_at = max(now, row.updated_at)
    values = {
        "referral_id": row.id,
        "at": row.updated_at,
        "from_status": before,
        "to_status": to,
        "actor": actor,
        "why": why,
    }
    event = ReferralEvent(**fit(ReferralEvent, values))
    session.add(event)
    session.flush()
    return event


def _tell_counsellors(session: Session, row: Any, event: Any, now: datetime) -> None:
    payload = {"number": row.number, "status": event.to_status}
    for staff_id in staff.ids_with_role(session, *READING_ROLES):
        recipient = actors.staff(staff_id)
        key = f"referral:{row.number}:{event.id}:{recipient}"
        notifications.enqueue(session, recipient=recipient, kind="referral", payload=payload, key=key, now=now)


def _for_change(session: Session, number: str, reader: Reader, now: datetime) -> Any:
    _check_role(reader)
    row = _by_number(session, number, lock=True)
    _record_reads(session, [row], reader, now)
    return row


def _check_role(reader: Reader) -> None:
    if reader.role not in READING_ROLES:
        raise NotAllowed("read_referral", "role")


def _record_reads(session: Session, rows: Sequence[Any], reader: Reader, now: datetime) -> None:
    reads = [{"referral_id": row.id, "staff_id": reader.staff_id, "role": reader.role, "at": now} for row in rows]
    if reads:
        session.execute(insert(ReferralRead), reads)


def _by_key(session: Session, key: str) -> Any:
    return session.scalars(select(Referral).where(Referral.key == key)).one_or_none()


def _by_number(session: Session, number: str, *, resident_id: int | None = None, lock: bool = False) -> Any:
    query = select(Referral).where(Referral.number == number)
    if resident_id is not None:
        query = query.where(Referral.resident_id == resident_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    row = session.scalars(query).one_or_none()
    if row is None:
        raise NotFound("referral", number)
    return row


def _view(session: Session, row: Any) -> ReferralView:
    return _views(session, [row])[0]


def _views(session: Session, rows: Sequence[Any]) -> list[ReferralView]:
    wanted = {row.counsellor_id for row in rows if row.counsellor_id}
    people = session.execute(select(Person.id, Person.name).where(Person.id.in_(wanted))) if wanted else ()
    names = {person.id: person.name for person in people}
    return [referral_view(row, names.get(row.counsellor_id)) for row in rows]
