"""Residents, the channels they come through, and what they agreed to."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, text

from bot.community.models.base import Base, Json, UtcDateTime


class Resident(Base):
    """A person, known by nothing but an id until they tell us more.

    community_id and compound_id name catalogue rows without a foreign key: the catalogue is replaced by imports, and a
    person's address must outlive a row of it.
    """

    __tablename__ = "residents"

    id = Column(Integer, primary_key=True)
    name = Column(String(64))
    phone = Column(String(32), index=True)
    community_id = Column(String(64), index=True)
    compound_id = Column(String(64))
    building = Column(String(16))
    unit = Column(String(16))
    room = Column(String(16))
    preferences = Column(Json, nullable=False, default=dict)
    legal_hold = Column(Boolean, nullable=False, default=False)
    created_at = Column(UtcDateTime, nullable=False)
    erased_at = Column(UtcDateTime)


class Identity(Base):
    """One way a resident reaches us: "web:…", "wechat:…"."""

    __tablename__ = "identities"

    sender_id = Column(String(255), primary_key=True)
    resident_id = Column(Integer, ForeignKey("residents.id"), nullable=False, index=True)
    linked_at = Column(UtcDateTime, nullable=False)


class Consent(Base):
    """A permission given for a purpose; withdrawn ones stay as the record that it was given."""

    __tablename__ = "consents"
    __table_args__ = (
        Index(
            "uq_consents_standing",
            "resident_id",
            "purpose",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )

    id = Column(Integer, primary_key=True)
    resident_id = Column(Integer, ForeignKey("residents.id"), nullable=False)
    purpose = Column(String(64), nullable=False)
    granted_at = Column(UtcDateTime, nullable=False)
    withdrawn_at = Column(UtcDateTime)


class LinkCode(Base):
    """A one-time code that proves a phone; only its hash is kept."""

    __tablename__ = "link_codes"

    id = Column(Integer, primary_key=True)
    sender_id = Column(String(255), nullable=False, index=True)
    phone = Column(String(32), nullable=False, index=True)
    code_hash = Column(String(64), nullable=False)
    created_at = Column(UtcDateTime, nullable=False)
    expires_at = Column(UtcDateTime, nullable=False)
    attempts = Column(Integer, nullable=False, default=0)
    used_at = Column(UtcDateTime)
