"""Tickets, every change of them, and the counters that number them."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    text,
)

from bot.community.models.base import Base, Json, UtcDateTime

OPEN_STATUSES = "status NOT IN ('resolved', 'closed', 'cancelled')"


class Counter(Base):
    """The last sequence given out for a kind on a local day."""

    __tablename__ = "counters"

    kind = Column(String(2), primary_key=True)
    day = Column(Date, primary_key=True)
    value = Column(Integer, nullable=False)


class Ticket(Base):
    """Something the office has to do for a resident.

    Places are named by id and by the resident's words, without foreign keys: a ticket is never refused, and never
    changed, because of a row of the catalogue. key is the idempotency key of its opening.
    warn_at and escalate_at are when the handler is warned and the desk is called next; NULL when that is done with.
    """

    __tablename__ = "tickets"
    __table_args__ = (
        CheckConstraint("stars IS NULL OR (stars >= 1 AND stars <= 5)", name="stars"),
        Index("ix_tickets_resident", "resident_id", "id"),
        Index("ix_tickets_similar", "compound_id", "category", "opened_at"),
        Index(
            "ix_tickets_grid_open",
            "grid_id",
            "id",
            sqlite_where=text(OPEN_STATUSES),
            postgresql_where=text(OPEN_STATUSES),
        ),
        Index(
            "ix_tickets_warn",
            "warn_at",
            sqlite_where=text("warn_at IS NOT NULL"),
            postgresql_where=text("warn_at IS NOT NULL"),
        ),
        Index(
            "ix_tickets_escalate",
            "escalate_at",
            sqlite_where=text("escalate_at IS NOT NULL"),
            postgresql_where=text("escalate_at IS NOT NULL"),
        ),
        Index(
            "ix_tickets_due",
            "resolve_by",
            sqlite_where=text(OPEN_STATUSES),
            postgresql_where=text(OPEN_STATUSES),
        ),
        Index("ix_tickets_community", "community_id", "id"),
        Index("ix_tickets_updated", "updated_at", "id"),
    )

    id = Column(Integer, primary_key=True)
    number = Column(String(32), nullable=False, unique=True)
    key = Column(String(512), nullable=False, unique=True)
    kind = Column(String(2), nullable=False)
    status = Column(String(16), nullable=False)
    category = Column(String(64), nullable=False)
    urgency = Column(String(16), nullable=False)
    description = Column(Text, nullable=False)
    source = Column(String(32), nullable=False)
    sender_id = Column(String(255))
    resident_id = Column(Integer, ForeignKey("residents.id"))
    anonymous = Column(Boolean, nullable=False, default=False)
    name = Column(String(64))
    phone = Column(String(32))
    community_id = Column(String(64))
    grid_id = Column(String(64))
    compound_id = Column(String(64))
    compound_text = Column(String(128))
    building = Column(String(16))
    unit = Column(String(16))
    room = Column(String(16))
    public_place = Column(String(128))
    available_text = Column(String(128))
    available_from = Column(UtcDateTime)
    available_to = Column(UtcDateTime)
    photos = Column(Json, nullable=False, default=list)
    assignee = Column(String(128))
    assignee_phone = Column(String(32))
    staff_id = Column(Integer, ForeignKey("staff.id"), index=True)
    opened_at = Column(UtcDateTime, nullable=False)
    updated_at = Column(UtcDateTime, nullable=False)
    respond_by = Column(UtcDateTime, nullable=False)
    resolve_by = Column(UtcDateTime, nullable=False)
    responded_at = Column(UtcDateTime)
    resolved_at = Column(UtcDateTime)
    closed_at = Column(UtcDateTime)
    warn_at = Column(UtcDateTime)
    escalate_at = Column(UtcDateTime)
    outcome = Column(String(64))
    urged_on = Column(Date)
    stars = Column(Integer)
    rating_comment = Column(Text)
    reopened_count = Column(Integer, nullable=False, default=0)


class TicketEvent(Base):
    """Who did what to a ticket, when and why. Never changed, never deleted."""

    __tablename__ = "ticket_events"

    id = Column(Integer, primary_key=True)
    ticket_id = Column(Integer, ForeignKey("tickets.id"), nullable=False, index=True)
    at = Column(UtcDateTime, nullable=False)
    kind = Column(String(16), nullable=False)
    from_status = Column(String(16))
    to_status = Column(String(16))
    actor = Column(String(64), nullable=False)
    why = Column(Text, nullable=False, default="")
    detail = Column(Json, nullable=False, default=dict)


class TicketJoin(Base):
    """A neighbour who reported the same thing and hears its end."""

    __tablename__ = "ticket_joins"
    __table_args__ = (UniqueConstraint("ticket_id", "resident_id"),)

    id = Column(Integer, primary_key=True)
    ticket_id = Column(Integer, ForeignKey("tickets.id"), nullable=False)
    resident_id = Column(Integer, ForeignKey("residents.id"), nullable=False, index=True)
    sender_id = Column(String(255))
    joined_at = Column(UtcDateTime, nullable=False)
