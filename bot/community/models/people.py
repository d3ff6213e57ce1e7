"""能人库: the people whom the community can call on."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Integer, String, Text

from bot.community.models.base import Base, Json


class Person(Base):
    """certificates: a list of {name, number, expires}; topics: category ids a counsellor works on."""

    __tablename__ = "people"
    id = Column(String(64), primary_key=True)
    name = Column(String(60), nullable=False)
    role = Column(String(40), nullable=False, index=True)
    title = Column(String(100))
    skills = Column(Json, nullable=False, default=list)
    topics = Column(Json, nullable=False, default=list)
    sex = Column(String(10))
    languages = Column(Json, nullable=False, default=list)
    certificates = Column(Json, nullable=False, default=list)
    community_id = Column(String(64), ForeignKey("communities.id"), index=True)
    availability = Column(String(300))
    phone = Column(String(40))
    bookable = Column(Boolean, nullable=False, default=False)
    max_per_day = Column(Integer)
    intro = Column(Text)
