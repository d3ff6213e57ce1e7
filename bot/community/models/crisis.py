"""Crisis alarms: who is in danger, and which named person has answered for it."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Text, text

from bot.community.models.base import Base, Json, UtcDateTime


class CrisisAlarm(Base):
    """An alarm about one sender, open until a named person closes it.

    step counts how far it was escalated; escalate_at is NULL once somebody has acknowledged it.
    """

    __tablename__ = "crisis_alarms"
    __table_args__ = (
        Index(
            "uq_crisis_alarms_open",
            "sender_id",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
        Index("ix_crisis_alarms_due", "escalate_at"),
    )

    id = Column(Integer, primary_key=True)
    number = Column(String(32), nullable=False, unique=True)
    sender_id = Column(String(255), nullable=False)
    session_id = Column(Integer, ForeignKey("conversation_sessions.id"), nullable=False)
    level = Column(String(16), nullable=False)
    third_person = Column(Boolean, nullable=False, default=False)
    raised_at = Column(UtcDateTime, nullable=False)
    step = Column(Integer, nullable=False, default=0)
    escalate_at = Column(UtcDateTime)
    acknowledged_by = Column(Integer, ForeignKey("staff.id"))
    acknowledged_at = Column(UtcDateTime)
    closed_by = Column(Integer, ForeignKey("staff.id"))
    closed_at = Column(UtcDateTime)
    outcome = Column(String(64))


class CrisisEvent(Base):
    """What happened to an alarm; kind is raised, repeated, escalated, acknowledged or closed."""

    __tablename__ = "crisis_events"

    id = Column(Integer, primary_key=True)
    alarm_id = Column(Integer, ForeignKey("crisis_alarms.id"), nullable=False, index=True)
    at = Column(UtcDateTime, nullable=False)
    kind = Column(String(16), nullable=False)
    level = Column(String(16))
    text = Column(Text)
    reasons = Column(Json, nullable=False, default=list)
    staff_id = Column(Integer, ForeignKey("staff.id"))
