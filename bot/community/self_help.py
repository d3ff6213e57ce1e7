"""Short texts to read alone, at once."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.community.errors import NotFound
from bot.community.models.catalogue import SelfHelpText


@dataclass(frozen=True)
class SelfHelpView:
    id: str
    title: str
    topic: str
    body: str


def for_topic(session: Session, topic: str | None = None, *, limit: int = 5) -> list[SelfHelpView]:
    """Texts on a category of the psychology domain, or on any."""
    query = select(SelfHelpText).order_by(SelfHelpText.id).limit(limit)
    if topic is not None:
        query = query.where(SelfHelpText.topic == topic)
    return [SelfHelpView(row.id, row.title, row.topic, row.body) for row in session.scalars(query)]


def get(session: Session, text_id: str) -> SelfHelpView:
    """Raises NotFound."""
    row = session.get(SelfHelpText, text_id)
    if row is None:
        raise NotFound("self_help", text_id)
    return SelfHelpView(row.id, row.title, row.topic, row.body)
