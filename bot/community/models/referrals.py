"""Referrals to counsellors and social workers: sensitive, for the psychology roles alone."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Text

from bot.community.models.base import Base, Json, UtcDateTime


class Referral(Base):
    """A resident's request to talk to somebody. called is how they want to be called, never a checked name."""

    __tablename__ = "referrals"
    __table_args__ = (
        Index("ix_referrals_status", "status", "id"),
        Index("ix_referrals_resident", "resident_id", "id"),
        Index("ix_referrals_counsellor", "counsellor_id", "id"),
    )

    id = Column(Integer, primary_key=True)
    number = Column(String(32), nullable=False, unique=True)
    key = Column(String(512), nullable=False, unique=True)
    status = Column(String(16), nullable=False)
    topic = Column(String(64), nullable=False)
    resident_id = Column(Integer, ForeignKey("residents.id"))
    sender_id = Column(String(255), nullable=False)
    anonymous = Column(Boolean, nullable=False, default=False)
    called = Column(String(64))
    contact_way = Column(String(32), nullable=False)
    contact = Column(String(128))
    preferred_time_text = Column(String(128))
    preferred_from = Column(UtcDateTime)
    counsellor_id = Column(String(64))
    note = Column(Text)
    requested_at = Column(UtcDateTime, nullable=False)
    updated_at = Column(UtcDateTime, nullable=False)
    starts_at = Column(UtcDateTime)
    ends_at = Column(UtcDateTime)
    closed_at = Column(UtcDateTime)


class ReferralEvent(Base):
    """A change of a referral. Holds no words of the resident."""

    __tablename__ = "referral_events"

    id = Column(Integer, primary_key=True)
    referral_id = Column(Integer, ForeignKey("referrals.id"), nullable=False, index=True)
    at = Column(UtcDateTime, nullable=False)
    from_status = Column(String(16))
    to_status = Column(String(16), nullable=False)
    actor = Column(String(64), nullable=False)
    why = Column(Text, nullable=False, default="")
    detail = Column(Json, nullable=False, default=dict)


class ReferralRead(Base):
    """Who looked at a referral."""

    __tablename__ = "referral_reads"

    id = Column(Integer, primary_key=True)
    referral_id = Column(Integer, ForeignKey("referrals.id"), nullable=False, index=True)
    staff_id = Column(Integer, ForeignKey("staff.id"), nullable=False)
    role = Column(String(16), nullable=False)
    at = Column(UtcDateTime, nullable=False)


class BookedSlot(Base):
    """Half an hour of a counsellor that is taken: the primary key makes a double booking impossible."""

    __tablename__ = "booked_slots"

    counsellor_id = Column(String(64), primary_key=True)
    starts_at = Column(UtcDateTime, primary_key=True)
    referral_id = Column(Integer, ForeignKey("referrals.id"), nullable=False, index=True)
