"""The staff's accounts: who they are, their passwords, and whether somebody is guessing one."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from bot.community.audit import AuditView, audit, audit_trail
from bot.community.errors import AlreadyTaken, InvalidValue, NotFound, TooOften
from bot.community.models.staff import LoginAttempt, Staff
from bot.community.rows import fit, insert_once, storable
from bot.community.staff_sessions import create_session, end_all_sessions, end_session, resolve_session
from bot.community.staff_views import StaffView, staff_view

__all__ = [
    "AuditView",
    "StaffView",
    "audit",
    "audit_trail",
    "create_session",
    "end_all_sessions",
    "end_session",
    "resolve_session",
]

ROLES = ("operator", "counsellor", "grid_worker", "reviewer", "admin")
SHORTEST_PASSWORD = 8
LONGEST_PASSWORD = 256
WINDOW = timedelta(minutes=15)
FAILURES_PER_LOGIN = 5
FAILURES_PER_ADDRESS = 20


@dataclass(frozen=True)
class NewUser:
    """An account that was just made; password is shown once and must be changed, None when it was given."""

    staff: StaffView
    password: str | None


def add_user(
    session: Session,
    login: str,
    role: str,
    *,
    now: datetime,
    password: str | None = None,
    name: str | None = None,
    communities: Sequence[str] = (),
) -> NewUser:
    """Make an account, with a one-time password unless one is given. Raises AlreadyTaken, InvalidValue."""
    login = _checked_login(login)
    check_role(role)
    secret = password if password is not None else secrets.token_urlsafe(12)
    values = {
        "login": login,
        "name": name or login,
        "role": role,
        "password_hash": _hashed(secret),
        "must_change": password is None,
        "communities": list(communities),
        "created_at": now,
    }
    if not insert_once(session, Staff, values, unique=["login"]):
        raise AlreadyTaken(login)
    row = _by_login(session, login)
    audit(session, "system", "staff.add", f"staff:{row.id}", {"role": role}, now=now)
    return NewUser(staff_view(row), None if password is not None else secret)


def verify(session: Session, login: str, password: str, *, address: str, now: datetime) -> StaffView | None:
    """Who logs in with this password, or None; commit either way, since a failure is counted.

    Raises TooOften after FAILURES_PER_LOGIN or FAILURES_PER_ADDRESS failures within WINDOW. An unknown login takes as
    long as a wrong password.
    """
    login = storable(login).strip()[:64]
    address = storable(address)[:64]
    _check_rate(session, login, address, now)
    row = _by_login(session, login)
    usable = row is not None and not row.disabled
    matches = _matches(row.password_hash if usable else _decoy(), password)
    if not (usable and matches):
        session.add(LoginAttempt(login=login, address=address, at=now))
        session.flush()
        return None
    session.execute(delete(LoginAttempt).where(LoginAttempt.login == login))
    if _hasher().check_needs_rehash(row.password_hash):
        row.password_hash = _hashed(password)
    session.flush()
    return staff_view(row)


def change_password(session: Session, staff_id: int, password: str, *, now: datetime) -> None:
    """Set a password of one's own and end every log-in. Raises NotFound, InvalidValue."""
    row = _get(session, staff_id)
    row.password_hash = _hashed(password)
    row.must_change = False
    end_all_sessions(session, staff_id)
    audit(session, f"staff:{staff_id}", "staff.password", f"staff:{staff_id}", {}, now=now)


def reset_password(session: Session, login: str, *, actor: str, now: datetime, password: str | None = None) -> str:
    """A new password, by default a one-time one, which is returned; ends every log-in. Raises NotFound."""
    row = _known(session, login)
    secret = password if password is not None else secrets.token_urlsafe(12)
    row.password_hash = _hashed(secret)
    row.must_change = password is None
    session.execute(delete(LoginAttempt).where(LoginAttempt.login == row.login))
    end_all_sessions(session, row.id)
    audit(session, actor, "staff.reset_password", f"staff:{row.id}", {}, now=now)
    return secret


def set_disabled(session: Session, login: str, disabled: bool, *, actor: str, now: datetime) -> StaffView:
    """Close an account and its log-ins, or open it again; accounts are never deleted. Raises NotFound."""
    row = _known(session, login)
    row.disabled = disabled
    end_all_sessions(session, row.id)
    audit(session, actor, "staff.disable" if disabled else "staff.enable", f"staff:{row.id}", {}, now=now)
    return staff_view(row)


def get(session: Session, staff_id: int) -> StaffView:
    """Raises NotFound."""
    return staff_view(_get(session, staff_id))


def list_users(session: Session, *, role: str | None = None, limit: int = 500) -> list[StaffView]:
    """Accounts by login."""
    query = select(Staff)
    if role is not None:
        query = query.where(Staff.role == role)
    return [staff_view(row) for row in session.scalars(query.order_by(Staff.login).limit(limit))]


def any_user(session: Session) -> bool:
    """Whether there is an account at all."""
    return session.execute(select(Staff.id).limit(1)).first() is not None


def ids_with_role(session: Session, *roles: str) -> list[int]:
    """Ids of the usable accounts with one of these roles."""
    query = select(Staff.id).where(Staff.role.in_(roles), Staff.disabled.is_(False))
    return list(session.scalars(query.order_by(Staff.id)))


def check_role(role: str) -> None:
    """Raises InvalidValue unless it is one of ROLES."""
    if role not in ROLES:
        raise InvalidValue("role", role, "unknown_role")


def _check_rate(session: Session, login: str, address: str, now: datetime) -> None:
    for column, value, most in (
        (LoginAttempt.login, login, FAILURES_PER_LOGIN),
        (LoginAttempt.address, address, FAILURES_PER_ADDRESS),
    ):
        query = select(func.count(), func.min(LoginAttempt.at)).where(column == value, LoginAttempt.at > now - WINDOW)
        failures, first = session.execute(query).one()
        if failures >= most:
            raise TooOften("login", first + WINDOW)


def _checked_login(login: str) -> str:
    login = storable(login).strip()
    if not login or len(login) > 64 or any(character.isspace() for character in login):
        raise InvalidValue("login", login, "not_a_login")
    return fit(Staff, {"login": login})["login"]


def _hashed(password: str) -> str:
    if len(password) < SHORTEST_PASSWORD:
        raise InvalidValue("password", "", "too_short")
    if len(password) > LONGEST_PASSWORD:
        raise InvalidValue("password", "", "too_long")
    return _hasher().hash(password)


def _matches(password_hash: str, password: str) -> bool:
    try:
        return _hasher().verify(password_hash, password[: LONGEST_PASSWORD + 1])
    except (VerificationError, InvalidHashError):
        return False


@lru_cache(maxsize=1)
def _hasher() -> PasswordHasher:
    return PasswordHasher()


@lru_cache(maxsize=1)
def _decoy() -> str:
    return _hasher().hash(secrets.token_urlsafe(12))


def _by_login(session: Session, login: str) -> Any:
    return session.scalars(select(Staff).where(Staff.login == login)).one_or_none()


def _known(session: Session, login: str) -> Any:
    row = _by_login(session, login)
    if row is None:
        raise NotFound("staff", login)
    return row


def _get(session: Session, staff_id: int) -> Any:
    row = session.get(Staff, staff_id)
    if row is None:
        raise NotFound("staff", staff_id)
    return row
