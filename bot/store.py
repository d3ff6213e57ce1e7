"""The tracker store: Rasa's events and the readable conversation log, written in one transaction.

Extends Rasa's `SQLTrackerStore` with the product's own engine (a pool, WAL), works in a thread so that a slow disk
does not stop other residents' turns, and knows how many events of a tracker are stored already instead of counting
them at every save.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime, timezone
from typing import Any

from rasa.core.tracker_store import SQLTrackerStore, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy import func, insert, or_, select
from sqlalchemy.orm import Session

from bot.community import conversations
from bot.community.database import Database

STORED = "_stored_events"  # attribute of a tracker: how many of its events the database holds
SQLEvent = SQLTrackerStore.SQLEvent


class ConversationStore(SQLTrackerStore):
    """Rasa's SQL tracker store on the product's database."""

    def __init__(self, database: Database, domain: Domain | None = None) -> None:
        self.database = database
        self.engine = database.engine
        self.Base.metadata.create_all(self.engine)
        TrackerStore.__init__(self, domain or Domain.empty(), None)

    async def keys(self) -> Iterable[str]:
        return await self.database.read(lambda session: list(session.scalars(select(SQLEvent.sender_id).distinct())))

    async def _retrieve(self, sender_id: str, fetch_events_from_all_sessions: bool) -> DialogueStateTracker | None:
        rows = await self.database.read(_stored, sender_id, every_session=fetch_events_from_all_sessions)
        if not rows or self.domain is None:
            return None
        tracker = DialogueStateTracker.from_dict(sender_id, [json.loads(row) for row in rows], self.domain.slots)
        if not fetch_events_from_all_sessions:
            setattr(tracker, STORED, len(rows))
        return tracker

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Write the events that are new, and their messages to the conversation log; both or neither."""
        stored = getattr(tracker, STORED, None)
        if stored is None:
            stored = len(await self.database.read(_stored, tracker.sender_id, every_session=False))
        events = list(tracker.events)
        new = events[stored:]
        if new:
            await self.database.run(_write, tracker.sender_id, new)
        setattr(tracker, STORED, len(events))


def _stored(session: Session, sender_id: str, *, every_session: bool) -> Sequence[str]:
    """The stored events of a sender's latest session (or of all), as JSON, oldest first."""
    query = select(SQLEvent.data).where(SQLEvent.sender_id == sender_id).order_by(SQLEvent.id)
    if not every_session:
        start = (
            select(func.max(SQLEvent.id))
            .where(SQLEvent.sender_id == sender_id, SQLEvent.type_name == "session_started")
            .scalar_subquery()
        )
        query = query.where(or_(start.is_(None), SQLEvent.id >= start))
    return list(session.scalars(query))


def _write(session: Session, sender_id: str, events: Sequence[Event]) -> None:
    session.execute(insert(SQLEvent), [_row(sender_id, event) for event in events])
    messages = [message for message in map(_logged, events) if message]
    if messages:
        conversations.append(session, sender_id, messages, now=datetime.now(timezone.utc))


def _row(sender_id: str, event: Event) -> dict[str, Any]:
    body = event.as_dict()
    return {
        "sender_id": sender_id,
        "type_name": event.type_name,
        "timestamp": event.timestamp,
        "intent_name": body.get("parse_data", {}).get("intent", {}).get("name"),
        "action_name": event.action_name if isinstance(event, ActionExecuted) else body.get("name"),
        "data": json.dumps(body, ensure_ascii=False),
    }


def _logged(event: Event) -> conversations.NewMessage | None:
    """The line of the conversation log that an event makes, if any."""
    at = datetime.fromtimestamp(event.timestamp, timezone.utc)
    if isinstance(event, UserUttered):
        triage = event.parse_data.get("triage") or {}
        return conversations.NewMessage(
            at=at,
            author="resident",
            text=event.text or "",
            attachments=(event.metadata or {}).get("attachments") or [],
            intent=event.intent_name,
            confidence=triage.get("confidence"),
            category=triage.get("category"),
            crisis=triage.get("crisis"),
            entities=event.parse_data.get("entities") or [],
            message_key=(event.metadata or {}).get("message_id"),
        )
    if isinstance(event, BotUttered):
        operator = (event.metadata or {}).get("operator")
        attachments = [{"kind": kind, "value": value} for kind, value in (event.data or {}).items() if value]
        return conversations.NewMessage(
            at=at,
            author="operator" if operator else "bot",
            text=event.text or "",
            attachments=attachments,
            operator=operator,
            message_key=(event.metadata or {}).get("key"),
        )
    return None
