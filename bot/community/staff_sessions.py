"""Log-ins of the staff: a token in the cookie, its hash in the database."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.community.models.staff import Staff, StaffSession
from bot.community.staff_views import StaffView, staff_view

LIFETIME = timedelta(hours=12)


def create_session(session: Session, staff_id: int, *, now: datetime, lifetime: timedelta = LIFETIME) -> str:
    """Start a log-in and return its token, which is kept nowhere else; drops those that have ended."""
    session.execute(delete(StaffSession).where(StaffSession.expires_at <= now))
    token = secrets.token_urlsafe(32)
    session.add(StaffSession(token_hash=_hash(token), staff_id=staff_id, created_at=now, expires_at=now + lifetime))
    session.flush()
    return token


def resolve_session(session: Session, token: str, *, now: datetime) -> StaffView | None:
    """Who holds the token, or None when it is unknown, ended, or the account is disabled."""
    query = (
        select(Staff)
        .join(StaffSession, StaffSession.staff_id == Staff.id)
        .where(StaffSession.token_hash == _hash(token), StaffSession.expires_at > now, Staff.disabled.is_(False))
    )
    row = session.scalars(query).one_or_none()
    return staff_view(row) if row else None


def end_session(session: Session, token: str) -> None:
    session.execute(delete(StaffSession).where(StaffSession.token_hash == _hash(token)))


def end_all_sessions(session: Session, staff_id: int) -> None:
    session.execute(delete(StaffSession).where(StaffSession.staff_id == staff_id))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "ignore")).hexdigest()
