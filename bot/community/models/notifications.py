"""The transactional outbox."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, String, Text, text

from bot.community.models.base import Base, Json, UtcDateTime

UNDELIVERED = "state IN ('pending', 'claimed')"


class Notification(Base):
    """A message to deliver at least once; state is pending, claimed, delivered or dead.

    ready_at fixes the order within a recipient. next_attempt_at is when it may be tried next, and, while it is
    claimed, when the claim ends.
    """

    __tablename__ = "notifications"
    __table_args__ = (
        Index(
            "ix_notifications_due",
            "next_attempt_at",
            "id",
            sqlite_where=text(UNDELIVERED),
            postgresql_where=text(UNDELIVERED),
        ),
        Index(
            "ix_notifications_order",
            "recipient",
            "ready_at",
            "id",
            sqlite_where=text(UNDELIVERED),
            postgresql_where=text(UNDELIVERED),
        ),
        Index("ix_notifications_state", "state", "id"),
    )

    id = Column(Integer, primary_key=True)
    key = Column(String(512), nullable=False, unique=True)
    recipient = Column(String(255), nullable=False)
    kind = Column(String(64), nullable=False)
    payload = Column(Json, nullable=False, default=dict)
    state = Column(String(16), nullable=False, default="pending")
    created_at = Column(UtcDateTime, nullable=False)
    ready_at = Column(UtcDateTime, nullable=False)
    next_attempt_at = Column(UtcDateTime, nullable=False)
    attempts = Column(Integer, nullable=False, default=0)
    claimed_by = Column(String(64))
    delivered_at = Column(UtcDateTime)
    last_error = Column(Text)
