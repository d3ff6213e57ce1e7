"""Numbers to call, and whether somebody answers now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bot.community import opening_hours, taxonomy
from bot.community.errors import NotFound
from bot.community.models.catalogue import Hotline


@dataclass(frozen=True)
class HotlineView:
    """open_now None: the hours are not known."""

    id: str
    name: str
    phone: str
    purpose: str
    topics: tuple[str, ...]
    hours_text: str
    open_now: bool | None
    opens_next: str | None
    always_open: bool


def for_topic(
    session: Session, topic: str, *, now: datetime, community_id: str | None = None, limit: int = 5
) -> list[HotlineView]:
    """Hotlines for a category, a domain or "crisis", in the order of the list; those that answer now come first."""
    topics = {topic, taxonomy.category(topic).domain} if taxonomy.is_category(topic) else {topic}
    query = select(Hotline).order_by(Hotline.position, Hotline.id)
    if community_id is not None:
        query = query.where(or_(Hotline.community_id == community_id, Hotline.community_id.is_(None)))
    found = [_view(row, now) for row in session.scalars(query) if topics & set(row.topics)]
    return sorted(found, key=lambda each: each.open_now is False)[:limit]


def get(session: Session, hotline_id: str, *, now: datetime) -> HotlineView:
    """Raises NotFound."""
    row = session.get(Hotline, hotline_id)
    if row is None:
        raise NotFound("hotline", hotline_id)
    return _view(row, now)


def _view(row: Hotline, now: datetime) -> HotlineView:
    open_now = opening_hours.is_open(row.hours, now) if row.hours else None
    opens = opening_hours.next_opening(row.hours, now) if open_now is False else None
    return HotlineView(
        id=row.id,
        name=row.name,
        phone=row.phone,
        purpose=row.purpose or "",
        topics=tuple(row.topics),
        hours_text=opening_hours.describe(row.hours) if row.hours else "",
        open_now=open_now,
        opens_next=opening_hours.describe_moment(opens, now=now) if opens else None,
        always_open=bool(row.hours) and opening_hours.parse(row.hours).is_always_open,
    )
