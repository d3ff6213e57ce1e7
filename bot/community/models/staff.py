"""The people and programs that work here: accounts, log-ins, audit, tasks, API keys."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Text

from bot.community.models.base import Base, Json, UtcDateTime


class Staff(Base):
    """An account. call_order is the place in the crisis chain (smallest first); NULL follows after those with one."""

    __tablename__ = "staff"

    id = Column(Integer, primary_key=True)
    login = Column(String(64), nullable=False, unique=True)
    name = Column(String(64), nullable=False)
    role = Column(String(16), nullable=False, index=True)
    password_hash = Column(String(255), nullable=False)
    must_change = Column(Boolean, nullable=False, default=True)
    disabled = Column(Boolean, nullable=False, default=False)
    communities = Column(Json, nullable=False, default=list)
    skills = Column(Json, nullable=False, default=list)
    call_order = Column(Integer)
    created_at = Column(UtcDateTime, nullable=False)


class StaffSession(Base):
    """A log-in. Only the hash of the cookie's token is kept."""

    __tablename__ = "staff_sessions"

    token_hash = Column(String(64), primary_key=True)
    staff_id = Column(Integer, ForeignKey("staff.id"), nullable=False, index=True)
    created_at = Column(UtcDateTime, nullable=False)
    expires_at = Column(UtcDateTime, nullable=False)


class LoginAttempt(Base):
    """A failed log-in, counted by login and by address."""

    __tablename__ = "login_attempts"
    __table_args__ = (
        Index("ix_login_attempts_login", "login", "at"),
        Index("ix_login_attempts_address", "address", "at"),
    )

    id = Column(Integer, primary_key=True)
    login = Column(String(64), nullable=False)
    address = Column(String(64), nullable=False)
    at = Column(UtcDateTime, nullable=False)


class AuditEvent(Base):
    """Who did what to whose data. Never changed, never deleted before its floor."""

    __tablename__ = "audit_events"
    __table_args__ = (Index("ix_audit_events_subject", "subject", "id"),)

    id = Column(Integer, primary_key=True)
    at = Column(UtcDateTime, nullable=False)
    actor = Column(String(64), nullable=False)
    action = Column(String(64), nullable=False)
    subject = Column(String(128), nullable=False)
    detail = Column(Json, nullable=False, default=dict)


class StaffTask(Base):
    """Something a member of staff has to do by a time, such as a follow-up after a crisis."""

    __tablename__ = "staff_tasks"
    __table_args__ = (Index("ix_staff_tasks_due", "done_at", "due_at", "id"),)

    id = Column(Integer, primary_key=True)
    key = Column(String(255), nullable=False, unique=True)
    kind = Column(String(32), nullable=False)
    subject = Column(String(128), nullable=False)
    due_at = Column(UtcDateTime, nullable=False)
    staff_id = Column(Integer, ForeignKey("staff.id"))
    note = Column(Text, nullable=False, default="")
    created_at = Column(UtcDateTime, nullable=False)
    done_at = Column(UtcDateTime)
    done_by = Column(Integer, ForeignKey("staff.id"))


class ApiKey(Base):
    """A program's key. public_id is the part that may be shown; only the secret's hash is kept."""

    __tablename__ = "api_keys"

    id = Column(Integer, primary_key=True)
    public_id = Column(String(16), nullable=False, unique=True)
    name = Column(String(64), nullable=False, unique=True)
    secret_hash = Column(String(64), nullable=False)
    scopes = Column(Json, nullable=False, default=list)
    created_at = Column(UtcDateTime, nullable=False)
    revoked_at = Column(UtcDateTime)
