"""One resident on several channels: joined by a phone that they prove with a one-time code."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from bot.community import notifications, residents
from bot.community.errors import InvalidValue, NotFound, TooOften
from bot.community.models.referrals import Referral
from bot.community.models.residents import Consent, Identity, LinkCode, Resident
from bot.community.models.tickets import Ticket
from bot.community.residents import ResidentView

CODE_LIFETIME = timedelta(minutes=10)
MOST_ATTEMPTS = 5
CODES_PER_DAY = 5


def request_code(session: Session, sender_id: str, phone: str, *, now: datetime) -> None:
    """Queue a code to the phone (recipient "sms:<phone>"). phone is digits, checked by the caller.

    Raises TooOften after CODES_PER_DAY for the phone or the sender, InvalidValue.
    """
    residents.check_sender(sender_id)
    if not phone.isdecimal():
        raise InvalidValue("phone", phone, "not_digits")
    _check_rate(session, sender_id, phone, now)
    code = f"{secrets.randbelow(1_000_000):06d}"
    row = LinkCode(
        sender_id=sender_id,
        phone=phone,
        code_hash=_hash(phone, code),
        created_at=now,
        expires_at=now + CODE_LIFETIME,
        attempts=0,
    )
    session.add(row)
    session.flush()
    notifications.enqueue(
        session, recipient=f"sms:{phone}", kind="link_code", payload={"code": code}, key=f"link:{row.id}", now=now
    )


def confirm_code(session: Session, sender_id: str, code: str, *, now: datetime) -> ResidentView | None:
    """Join the sender to whoever proved this phone before; None when the code is wrong, and commit that.

    The sender's tickets and consents go with them. Raises NotFound without a valid code, TooOften after
    MOST_ATTEMPTS wrong ones.
    """
    row = _latest(session, sender_id, now)
    if row.attempts >= MOST_ATTEMPTS:
        raise TooOften("confirm_code", row.expires_at)
    row.attempts += 1
    session.flush()
    if not hmac.compare_digest(row.code_hash, _hash(row.phone, code.strip())):
        return None
    row.used_at = now
    mine = residents.resolve(session, sender_id, now=now)
    known = _proved(session, row.phone, mine.id)
    if known is None:
        return residents.remember(session, mine.id, phone=row.phone)
    _merge(session, mine.id, known)
    return residents.get(session, known)


def _latest(session: Session, sender_id: str, now: datetime) -> Any:
    query = (
        select(LinkCode)
        .where(LinkCode.sender_id == sender_id, LinkCode.used_at.is_(None), LinkCode.expires_at > now)
        .order_by(LinkCode.id.desc())
        .limit(1)
        .with_for_update()
    )
    row = session.scalars(query).one_or_none()
    if row is None:
        raise NotFound("link_code", sender_id)
    return row


def _proved(session: Session, phone: str, except_id: int) -> int | None:
    """The resident who proved the phone by a code; one who merely named it does not count."""
    query = (
        select(Identity.resident_id)
        .join(LinkCode, LinkCode.sender_id == Identity.sender_id)
        .join(Resident, Resident.id == Identity.resident_id)
        .where(
            LinkCode.phone == phone,
            LinkCode.used_at.isnot(None),
            Identity.resident_id != except_id,
            Resident.phone == phone,
            Resident.erased_at.is_(None),
        )
        .order_by(Identity.resident_id)
        .limit(1)
    )
    return session.scalars(query).one_or_none()


def _merge(session: Session, from_id: int, to_id: int) -> None:
    """Everything of one resident becomes the other's; what the other has told us already stays."""
    for model in (Identity, Ticket, Referral):
        _execute(session, update(model).where(model.resident_id == from_id).values(resident_id=to_id))
    theirs = select(Consent.purpose).where(Consent.resident_id == to_id, Consent.withdrawn_at.is_(None))
    standing = set(session.scalars(theirs))
    for consent in session.scalars(select(Consent).where(Consent.resident_id == from_id)).all():
        if consent.withdrawn_at is not None or consent.purpose not in standing:
            consent.resident_id = to_id
    old, new = session.get(Resident, from_id), session.get(Resident, to_id)
    for name in residents.REMEMBERED:
        setattr(new, name, getattr(new, name) or getattr(old, name))
        setattr(old, name, None)
    session.flush()
    session.expire_all()


def _execute(session: Session, statement: Any) -> None:
    session.execute(statement.execution_options(synchronize_session=False))


def _check_rate(session: Session, sender_id: str, phone: str, now: datetime) -> None:
    for column, value in ((LinkCode.phone, phone), (LinkCode.sender_id, sender_id)):
        since = now - timedelta(days=1)
        query = select(func.count(), func.min(LinkCode.created_at)).where(column == value, LinkCode.created_at > since)
        sent, first = session.execute(query).one()
        if sent >= CODES_PER_DAY:
            raise TooOften("request_code", first + timedelta(days=1))


def _hash(phone: str, code: str) -> str:
    return hashlib.sha256(f"{phone}:{code}".encode("utf-8", "ignore")).hexdigest()
