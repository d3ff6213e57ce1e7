"""Whether the office has any content yet."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.community.models.places import Community


def is_empty(session: Session) -> bool:
    """Whether nothing was imported yet; every office has a community."""
    return session.scalar(select(Community.id).limit(1)) is None
