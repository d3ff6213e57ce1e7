"""What the messengers' platforms make us remember: tokens, what was sent in a window, answers under way."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Index, Integer, String, Text, text
from sqlalchemy.dialects.postgresql import JSONB

from bot.community.models.base import Base, Json, UtcDateTime

WAITING = "state IN ('api', 'open')"


class ChannelToken(Base):
    """An access token that all processes share. lease_until: one of them is fetching a new one."""

    __tablename__ = "channel_tokens"

    name = Column(String(64), primary_key=True)
    value = Column(Text, nullable=False, default="")
    expires_at = Column(UtcDateTime)
    lease_until = Column(UtcDateTime)


class ChannelSend(Base):
    """A message that a platform took for a resident; the platform allows only so many per window."""

    __tablename__ = "channel_sends"
    __table_args__ = (Index("ix_channel_sends_sender", "sender_id", "at"),)

    id = Column(Integer, primary_key=True)
    sender_id = Column(String(255), nullable=False)
    at = Column(UtcDateTime, nullable=False)


class LateReply(Base):
    """An answer that could not go out with the resident's own request; late_replies.py names the states.

    message is what is needed to work on it again after a crash; parts are the texts still to be sent, None while the
    turn runs. shown_with is the key of the message whose answer carried the kept parts along.
    """

    __tablename__ = "late_replies"
    __table_args__ = (
        Index(
            "ix_late_replies_due",
            "next_attempt_at",
            sqlite_where=text(WAITING),
            postgresql_where=text(WAITING),
        ),
    )

    sender_id = Column(String(255), primary_key=True)
    message_key = Column(String(255), primary_key=True)
    state = Column(String(16), nullable=False)
    message = Column(Json, nullable=False, default=dict)
    parts = Column(JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"))
    shown_with = Column(String(255))
    attempts = Column(Integer, nullable=False, default=0)
    created_at = Column(UtcDateTime, nullable=False)
    next_attempt_at = Column(UtcDateTime, nullable=False)
