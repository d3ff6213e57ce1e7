"""The log as the staff read it: the last words of each conversation, and who has answered it when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from bot.community.models.conversations import HandoffEvent, Message
from bot.community.models.staff import Staff


@dataclass(frozen=True)
class LastWords:
    """The resident's last message of a session."""

    message_id: int
    text: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class HandoffLine:
    """A change of who answers; kind is requested, raised, taken, transferred, given_back or withdrawn."""

    at: datetime
    kind: str
    reason: str | None
    staff_name: str | None
    to_name: str | None


def last_words(session: Session, session_ids: Sequence[int]) -> dict[int, LastWords]:
    """What the residents said last, by session; one statement however many sessions."""
    newest = (
        select(func.max(Message.id))
        .where(Message.session_id.in_(list(session_ids)), Message.author == "resident")
        .group_by(Message.session_id)
    )
    rows = session.scalars(select(Message).where(Message.id.in_(newest)))
    return {row.session_id: LastWords(row.id, row.text, names_in(row.entities)) for row in rows}


def names_in(entities: Any) -> tuple[str, ...]:
    """The people's names among the entities of a message."""
    name = entities.get("name") if isinstance(entities, Mapping) else None
    return (str(name),) if name else ()


def handoffs(session: Session, session_id: int, *, limit: int = 200) -> list[HandoffLine]:
    """The hand-overs of a session in order, with the names of the staff."""
    by: Any = aliased(Staff)
    to: Any = aliased(Staff)
    query = (
        select(HandoffEvent, by.name, to.name)
        .outerjoin(by, by.id == HandoffEvent.staff_id)
        .outerjoin(to, to.id == HandoffEvent.to_staff_id)
        .where(HandoffEvent.session_id == session_id)
        .order_by(HandoffEvent.id)
        .limit(limit)
    )
    return [HandoffLine(row.at, row.kind, row.reason, name, other) for row, name, other in session.execute(query)]
