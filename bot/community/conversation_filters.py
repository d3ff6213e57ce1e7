"""Which conversations a list shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select

from bot.community import confidential
from bot.community.models.conversations import ConversationSession, Message
from bot.community.rows import storable


@dataclass(frozen=True)
class SessionFilters:
    """What to list; None leaves a filter out. confidential: whether text is looked for in confidential talk as well."""

    sender_id: str | None = None
    community_ids: Sequence[str] | None = None
    channel: str | None = None
    state: str | None = None
    careful: bool | None = None
    since: datetime | None = None
    until: datetime | None = None
    assigned_to: int | None = None
    text: str | None = None
    confidential: bool = True


def conditions(filters: SessionFilters) -> list[Any]:
    """The filters as conditions on ConversationSession. For the core's own modules."""
    table = ConversationSession
    found: list[Any] = []
    if filters.community_ids is not None:
        # One that names no community is everybody's, as in the queue.
        named = table.community_id
        found.append(or_(named.in_(list(filters.community_ids)), named.is_(None)))
    if filters.since is not None:
        found.append(table.last_message_at >= filters.since)
    if filters.until is not None:
        found.append(table.last_message_at < filters.until)
    if filters.text:
        said = select(Message.session_id).where(Message.text.contains(storable(filters.text), autoescape=True))
        if not filters.confidential:
            said = said.where(confidential.outside())
        found.append(table.id.in_(said))
    for name in ("sender_id", "channel", "state", "careful", "assigned_to"):
        wanted = getattr(filters, name)
        if wanted is not None:
            found.append(getattr(table, name) == wanted)
    return found
