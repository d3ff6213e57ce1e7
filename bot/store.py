"""The tracker store: Rasa's events and the readable conversation log, written in one transaction.

Extends Rasa's `SQLTrackerStore` with the product's own engine (a pool, WAL), works in a thread so that a slow disk
does not stop other residents' turns, and knows how many events of a tracker are stored already instead of counting
them at every save. Trackers stay in memory between turns, cut to their latest events (bot/runtime/compaction.py).
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from rasa.core.tracker_store import SQLTrackerStore, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy import func, insert, or_, select, text
from sqlalchemy.orm import Session

from bot.community import conversations
from bot.community.database import Database
from bot.runtime.compaction import compacted

STORED = "_stored_events"  # attribute of a tracker: how many of its events the database holds
SQLEvent = SQLTrackerStore.SQLEvent
MOST_LIVE = 256  # trackers kept between turns: about 40 MB when all of them are long
# "The last event of this sender" must not become slower as the table grows.
CREATE_INDEX = text("CREATE INDEX IF NOT EXISTS ix_events_sender_id_id ON events (sender_id, id)")


class ConversationStore(SQLTrackerStore):
    """Rasa's SQL tracker store on the product's database.

    Between turns it keeps the latest trackers as they are, so that a turn need not read and replay its session. One
    that somebody else's events have made old, or that a failed turn has left with unsaved events, is read anew.
    """

    def __init__(self, database: Database, domain: Domain | None = None, *, most_live: int = MOST_LIVE) -> None:
        self.database = database
        self.engine = database.engine
        self._live: OrderedDict[str, _Live] = OrderedDict()
        self._most_live = most_live
        self.Base.metadata.create_all(self.engine)
        with self.engine.begin() as connection:
            connection.execute(CREATE_INDEX)
        TrackerStore.__init__(self, domain or Domain.empty(), None)

    @property
    def domain(self) -> Domain:
        return self._domain

    @domain.setter
    def domain(self, domain: Domain | None) -> None:
        self._domain = domain or Domain.empty()
        self._live.clear()  # their slots are those of the model before

    async def keys(self) -> Iterable[str]:
        return await self.database.read(lambda session: list(session.scalars(select(SQLEvent.sender_id).distinct())))

    async def _retrieve(self, sender_id: str, fetch_events_from_all_sessions: bool) -> DialogueStateTracker | None:
        if fetch_events_from_all_sessions:
            rows, _ = await self.database.read(_stored, sender_id, every_session=True)
            return self._tracker(sender_id, rows) if rows else None
        live = self._live.pop(sender_id, None)
        if live is not None and live.unchanged() and live.last_id == await self.database.read(_last_id, sender_id):
            self._keep(live)
            return live.tracker
        rows, last_id = await self.database.read(_stored, sender_id, every_session=False)
        if not rows:
            return None
        tracker = compacted(self._tracker(sender_id, rows))
        setattr(tracker, STORED, len(tracker.events))
        self._keep(_Live(tracker, len(tracker.events), last_id))
        return tracker

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Write the events that are new, and their messages to the conversation log; both or neither."""
        stored = getattr(tracker, STORED, None)
        if stored is None:
            stored = len((await self.database.read(_stored, tracker.sender_id, every_session=False))[0])
        events = list(tracker.events)
        new = events[stored:]
        if new:
            last_id = await self.database.run(_write, tracker.sender_id, new)
            setattr(tracker, STORED, len(events))
            short = compacted(tracker)
            setattr(short, STORED, len(short.events))
            self._keep(_Live(short, len(short.events), last_id))

    def _tracker(self, sender_id: str, rows: Sequence[str]) -> DialogueStateTracker:
        return DialogueStateTracker.from_dict(sender_id, [json.loads(row) for row in rows], self.domain.slots)

    def _keep(self, live: _Live) -> None:
        self._live[live.tracker.sender_id] = live
        self._live.move_to_end(live.tracker.sender_id)
        while len(self._live) > self._most_live:
            self._live.popitem(last=False)


@dataclass(frozen=True)
class _Live:
    """A tracker between two turns: how many events it had when it was stored, and the id of the last one's row."""

    tracker: DialogueStateTracker
    events: int
    last_id: int

    def unchanged(self) -> bool:
        return len(self.tracker.events) == self.events


def _stored(session: Session, sender_id: str, *, every_session: bool) -> tuple[Sequence[str], int]:
    """The stored events of a sender's latest session (or of all), as JSON, oldest first, and the last one's id."""
    query = select(SQLEvent.data, SQLEvent.id).where(SQLEvent.sender_id == sender_id).order_by(SQLEvent.id)
    if not every_session:
        start = (
            select(func.max(SQLEvent.id))
            .where(SQLEvent.sender_id == sender_id, SQLEvent.type_name == "session_started")
            .scalar_subquery()
        )
        query = query.where(or_(start.is_(None), SQLEvent.id >= start))
    rows = session.execute(query).all()
    return [row.data for row in rows], rows[-1].id if rows else 0


def _last_id(session: Session, sender_id: str) -> int:
    query = select(SQLEvent.id).where(SQLEvent.sender_id == sender_id).order_by(SQLEvent.id.desc()).limit(1)
    return session.scalars(query).first() or 0


def _write(session: Session, sender_id: str, events: Sequence[Event]) -> int:
    """Store the events; returns the id of the last one."""
    session.execute(insert(SQLEvent), [_row(sender_id, event) for event in events])
    messages = [message for message in map(_logged, events) if message]
    if messages:
        conversations.append(session, sender_id, messages, now=datetime.now(timezone.utc))
    return _last_id(session, sender_id)


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
