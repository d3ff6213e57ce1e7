"""The readable conversation log: sessions, messages, hand-overs, and the ledger of received messages."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, ForeignKey, Index, Integer, String, Text, UniqueConstraint, text

from bot.community.models.base import Base, Json, UtcDateTime


class ConversationSession(Base):
    """One conversation from its first message to a time-out or an outcome: the log's unit of review.

    state is bot, waiting or human. priority orders those who wait: 2 crisis, 1 bot failure or anger, 0 otherwise.
    careful: the bot stays in its crisis manner until a human ends it.
    """

    __tablename__ = "conversation_sessions"
    __table_args__ = (
        Index(
            "uq_conversation_sessions_open",
            "sender_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_conversation_sessions_desk", "state", "priority", "waiting_since", "id"),
        Index("ix_conversation_sessions_recent", "last_message_at", "id"),
        Index("ix_conversation_sessions_sender", "sender_id", "id"),
    )

    id = Column(Integer, primary_key=True)
    sender_id = Column(String(255), nullable=False)
    channel = Column(String(32), nullable=False)
    community_id = Column(String(64), index=True)
    started_at = Column(UtcDateTime, nullable=False)
    last_message_at = Column(UtcDateTime, nullable=False)
    ended_at = Column(UtcDateTime)
    crisis = Column(String(16), nullable=False, default="none")
    careful = Column(Boolean, nullable=False, default=False)
    state = Column(String(16), nullable=False, default="bot")
    priority = Column(Integer, nullable=False, default=0)
    waiting_since = Column(UtcDateTime)
    waiting_reason = Column(String(32))
    assigned_to = Column(Integer, ForeignKey("staff.id"))
    flags = Column(Json, nullable=False, default=list)


class Message(Base):
    """One thing that was said. sequence is its id: messages of a session are ordered by it."""

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("sender_id", "author", "message_key"),
        Index("ix_messages_sender", "sender_id", "id"),
    )

    id = Column(Integer, primary_key=True)
    session_id = Column(Integer, ForeignKey("conversation_sessions.id"), nullable=False, index=True)
    sender_id = Column(String(255), nullable=False)
    at = Column(UtcDateTime, nullable=False)
    author = Column(String(16), nullable=False)
    text = Column(Text, nullable=False, default="")
    attachments = Column(Json, nullable=False, default=list)
    intent = Column(String(64))
    confidence = Column(Float)
    category = Column(String(64))
    crisis = Column(String(16))
    entities = Column(Json, nullable=False, default=list)
    operator = Column(String(64))
    message_key = Column(String(255))


class HandoffEvent(Base):
    """A change of who answers a conversation."""

    __tablename__ = "handoff_events"

    id = Column(Integer, primary_key=True)
    session_id = Column(Integer, ForeignKey("conversation_sessions.id"), nullable=False, index=True)
    at = Column(UtcDateTime, nullable=False)
    kind = Column(String(32), nullable=False)
    reason = Column(String(32))
    staff_id = Column(Integer, ForeignKey("staff.id"))
    to_staff_id = Column(Integer, ForeignKey("staff.id"))


class InboundMessage(Base):
    """A message that a channel received: the key makes a resent one recognisable, the reply answers it again."""

    __tablename__ = "inbound_messages"
    __table_args__ = (Index("ix_inbound_messages_answered", "answered_at", "claimed_at"),)

    sender_id = Column(String(255), primary_key=True)
    message_key = Column(String(255), primary_key=True)
    text = Column(Text, nullable=False, default="")
    attachments = Column(Json)
    received_at = Column(UtcDateTime, nullable=False)
    claimed_at = Column(UtcDateTime, nullable=False)
    attempts = Column(Integer, nullable=False, default=1)
    reply = Column(Json)
    answered_at = Column(UtcDateTime)
