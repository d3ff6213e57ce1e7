"""What the office knows and offers: providers, services, guides, notices, hotlines, texts, synonyms, wishes."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, Float, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import relationship

from bot.community.models.base import Base, Json, UtcDateTime
from bot.community.search_index import add_full_text


class Provider(Base):
    __tablename__ = "providers"
    id = Column(String(64), primary_key=True)
    name = Column(String(100), nullable=False)
    phone = Column(String(40))
    address = Column(String(200))
    community_id = Column(String(64), ForeignKey("communities.id"), index=True)


class Service(Base):
    """An offer. community_id None: for all communities. row only ties the full-text index to the service."""

    __tablename__ = "services"
    row = Column(Integer, primary_key=True)
    id = Column(String(64), nullable=False, unique=True)
    name = Column(String(100), nullable=False)
    summary = Column(Text)
    provider_id = Column(String(64), ForeignKey("providers.id"), index=True)
    category = Column(String(40), nullable=False)
    service_kind = Column(String(20), nullable=False)
    zone = Column(String(64), ForeignKey("zones.id"), index=True)
    community_id = Column(String(64), ForeignKey("communities.id"))
    audience = Column(Json, nullable=False, default=list)
    hours = Column(String(300))
    phone = Column(String(40))
    price = Column(String(200))
    address = Column(String(200))
    lat = Column(Float)
    lon = Column(Float)
    booking = Column(String(10), nullable=False, default="none")
    valid_from = Column(Date)
    valid_until = Column(Date)
    keywords = Column(Json, nullable=False, default=list)
    source = Column(String(200))
    verified_on = Column(Date)
    search_text = Column(Text, nullable=False, default="")
    active = Column(Boolean, nullable=False, default=True)

    provider = relationship(Provider, lazy="raise")

    __table_args__ = (Index("ix_services_community_category", "community_id", "category"),)


class Guide(Base):
    """办事指南. materials: a list of {name, note, optional}; eligibility: of {question, slot?, rule, otherwise?}."""

    __tablename__ = "guides"
    row = Column(Integer, primary_key=True)
    id = Column(String(64), nullable=False, unique=True)
    name = Column(String(100), nullable=False)
    category = Column(String(40), nullable=False, index=True)
    aliases = Column(Json, nullable=False, default=list)
    conditions = Column(Json, nullable=False, default=list)
    materials = Column(Json, nullable=False, default=list)
    where = Column(Text)
    hours = Column(String(300))
    phone = Column(String(40))
    fee = Column(String(200))
    time_limit = Column(String(200))
    steps = Column(Json, nullable=False, default=list)
    on_behalf = Column(Text)
    online_url = Column(String(300))
    eligibility = Column(Json, nullable=False, default=list)
    community_id = Column(String(64), ForeignKey("communities.id"), index=True)
    version = Column(Integer, nullable=False, default=1)
    source = Column(String(200))
    valid_from = Column(Date)
    valid_until = Column(Date)
    search_text = Column(Text, nullable=False, default="")


class Disturbance(Base):
    """A notice: no water, no elevator. compound_id None: the whole community; buildings None: the whole compound."""

    __tablename__ = "disturbances"
    id = Column(String(64), primary_key=True)
    kind = Column(String(20), nullable=False)
    category = Column(String(40), nullable=False)
    community_id = Column(String(64), ForeignKey("communities.id"), nullable=False, index=True)
    compound_id = Column(String(64), ForeignKey("compounds.id"), index=True)
    buildings = Column(Json)
    starts_at = Column(UtcDateTime, nullable=False)
    ends_at = Column(UtcDateTime, index=True)
    text = Column(Text, nullable=False)
    ended_at = Column(UtcDateTime)


class DisturbanceJoin(Base):
    """A resident who wants to hear when it is over; recipient is the address to tell."""

    __tablename__ = "disturbance_joins"
    disturbance_id = Column(String(64), ForeignKey("disturbances.id", ondelete="CASCADE"), primary_key=True)
    resident_id = Column(Integer, primary_key=True, index=True)
    joined_at = Column(UtcDateTime, nullable=False)


class Demand(Base):
    """A wish for which the catalogue had no offer."""

    __tablename__ = "demands"
    id = Column(Integer, primary_key=True)
    text = Column(Text, nullable=False)
    category = Column(String(40), index=True)
    community_id = Column(String(64), ForeignKey("communities.id"), index=True)
    resident_id = Column(Integer, index=True)
    recorded_at = Column(UtcDateTime, nullable=False, index=True)


class Hotline(Base):
    """topics: ids of domains and categories that it serves."""

    __tablename__ = "hotlines"
    id = Column(String(64), primary_key=True)
    name = Column(String(100), nullable=False)
    phone = Column(String(40), nullable=False)
    hours = Column(String(300))
    purpose = Column(Text)
    topics = Column(Json, nullable=False, default=list)
    community_id = Column(String(64), ForeignKey("communities.id"), index=True)
    position = Column(Integer, nullable=False, default=0)


class SelfHelpText(Base):
    """A short text to read alone; topic is an id of the taxonomy."""

    __tablename__ = "self_help"
    id = Column(String(64), primary_key=True)
    title = Column(String(100), nullable=False)
    topic = Column(String(40), nullable=False, index=True)
    body = Column(Text, nullable=False)


class Synonym(Base):
    """Words that people use (words), and what they look for with them: search words (means), category, audience."""

    __tablename__ = "synonyms"
    id = Column(String(64), primary_key=True)
    words = Column(Json, nullable=False, default=list)
    means = Column(Json, nullable=False, default=list)
    category = Column(String(40))
    audience = Column(String(20))


add_full_text(Service.__table__)
add_full_text(Guide.__table__)
