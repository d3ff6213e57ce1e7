"""The readable conversation log, in sessions that a time-out or an outcome ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Text, cast, select, text
from sqlalchemy.orm import Session

from bot.community.conversation_filters import SessionFilters, conditions
from bot.community.errors import NotFound
from bot.community.models.conversations import ConversationSession, Message
from bot.community.received import Receipt, answered, receive, stored_reply
from bot.community.residents import check_sender
from bot.community.rows import fit, insert_once, short_key

__all__ = [
    "MessageView",
    "NewMessage",
    "Receipt",
    "SessionFilters",
    "SessionView",
    "answered",
    "append",
    "end",
    "flag",
    "get_session",
    "has_photo",
    "history",
    "list_sessions",
    "messages_of",
    "receive",
    "stored_reply",
]

TIME_OUT = timedelta(hours=2)
BOT, WAITING, HUMAN = "bot", "waiting", "human"


@dataclass(frozen=True)
class NewMessage:
    """Something said; author is resident, bot, operator or system. A key makes it recognisable when it comes again."""

    author: str
    text: str
    attachments: Sequence[Any] = ()
    intent: str | None = None
    confidence: float | None = None
    category: str | None = None
    crisis: str | None = None
    entities: Mapping[str, Any] | Sequence[Any] = ()
    operator: str | None = None
    message_key: str | None = None
    at: datetime | None = None


@dataclass(frozen=True)
class MessageView:
    """A logged message; ids grow with time."""

    id: int
    session_id: int
    at: datetime
    author: str
    text: str
    attachments: Sequence[Any]
    intent: str | None
    confidence: float | None
    category: str | None
    crisis: str | None
    entities: Mapping[str, Any] | Sequence[Any]
    operator: str | None
    message_key: str | None


@dataclass(frozen=True)
class SessionView:
    """A session of the log; state is bot, waiting or human."""

    id: int
    sender_id: str
    channel: str
    community_id: str | None
    started_at: datetime
    last_message_at: datetime
    ended_at: datetime | None
    crisis: str
    careful: bool
    state: str
    waiting_since: datetime | None
    waiting_reason: str | None
    assigned_to: int | None
    flags: Sequence[str]


def append(
    session: Session,
    sender_id: str,
    messages: Sequence[NewMessage],
    *,
    now: datetime,
    time_out: timedelta = TIME_OUT,
    community_id: str | None = None,
) -> int:
    """Log messages in the sender's open session and return its id; a message whose key is known is left out.

    Opens a session when there is none or the last one was quiet longer than time_out. One that waits for a human, is
    with one, or is in careful mode does not time out: only a human ends it.
    """
    conversation = open_session(session, sender_id, now=now, time_out=time_out)
    for message in messages:
        values = _message_values(message, conversation, now)
        if message.message_key is None:
            session.add(Message(**values))
        else:
            insert_once(session, Message, values, unique=["sender_id", "author", "message_key"])
    conversation.last_message_at = max(now, conversation.last_message_at)
    conversation.community_id = community_id or conversation.community_id
    session.flush()
    return conversation.id


def open_session(session: Session, sender_id: str, *, now: datetime, time_out: timedelta = TIME_OUT) -> Any:
    """The sender's open session as a row, made or renewed when needed. For the core's own modules."""
    check_sender(sender_id)
    conversation = current(session, sender_id)
    if conversation is not None and _timed_out(conversation, now, time_out):
        conversation.ended_at = conversation.last_message_at
        session.flush()
        conversation = None
    if conversation is None:
        _insert_session(session, sender_id, now)
        conversation = current(session, sender_id)
    return conversation


def current(session: Session, sender_id: str, *, lock: bool = True) -> Any:
    """The sender's open session as a row, or None. For the core's own modules."""
    query = select(ConversationSession).where(
        ConversationSession.sender_id == sender_id, ConversationSession.ended_at.is_(None)
    )
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return session.scalars(query).one_or_none()


def end(session: Session, sender_id: str, *, now: datetime) -> bool:
    """End the open session by its outcome; refused (False) while a human has it, is awaited, or it is careful."""
    conversation = current(session, sender_id)
    if conversation is None or _held(conversation):
        return False
    conversation.ended_at = now
    session.flush()
    return True


def history(
    session: Session, sender_id: str, *, before: int | None = None, after: int | None = None, limit: int = 50
) -> list[MessageView]:
    """The sender's messages in the order they were said: the last ones, or those next to a known id.

    `before` is the first id of the page after; `after` is the last id already read, and the page begins there.
    """
    query = select(Message).where(Message.sender_id == sender_id)
    if after is not None:
        following = session.scalars(query.where(Message.id > after).order_by(Message.id).limit(limit))
        return [_message_view(row) for row in following]
    if before is not None:
        query = query.where(Message.id < before)
    newest = session.scalars(query.order_by(Message.id.desc()).limit(limit))
    return [_message_view(row) for row in reversed(list(newest))]


def has_photo(session: Session, sender_id: str, photo_id: str) -> bool:
    """Whether the sender's conversation holds that photo: sent by them, or sent to them."""
    listed = cast(Message.attachments, Text).contains(photo_id, autoescape=True)
    found = session.scalars(select(Message.id).where(Message.sender_id == sender_id, listed).limit(1))
    return found.first() is not None


def messages_of(session: Session, session_id: int, *, after: int = 0, limit: int = 200) -> list[MessageView]:
    """The messages of one session in order; `after` is the last id already read."""
    query = select(Message).where(Message.session_id == session_id, Message.id > after)
    return [_message_view(row) for row in session.scalars(query.order_by(Message.id).limit(limit))]


def list_sessions(
    session: Session,
    filters: SessionFilters | None = None,
    *,
    limit: int = 50,
    before: tuple[datetime, int] | None = None,
) -> list[SessionView]:
    """Sessions, the last spoken first; `before` is (last_message_at, id) of the last row of the page before."""
    query = select(ConversationSession).where(*conditions(filters or SessionFilters()))
    if before is not None:
        at, id = before
        last = ConversationSession.last_message_at
        query = query.where((last < at) | ((last == at) & (ConversationSession.id < id)))
    order = (ConversationSession.last_message_at.desc(), ConversationSession.id.desc())
    return [view(row) for row in session.scalars(query.order_by(*order).limit(limit))]


def get_session(session: Session, session_id: int) -> SessionView:
    """Raises NotFound."""
    return view(get_row(session, session_id, lock=False))


def get_row(session: Session, session_id: int, *, lock: bool = True) -> Any:
    """The session as a row. For the core's own modules. Raises NotFound."""
    conversation = session.get(ConversationSession, session_id, with_for_update=lock or None)
    if conversation is None:
        raise NotFound("conversation", session_id)
    return conversation


def flag(session: Session, sender_id: str, flag: str, *, now: datetime) -> None:
    """Mark the open session, such as "low_confidence"; once per flag."""
    conversation = open_session(session, sender_id, now=now)
    if flag not in conversation.flags:
        conversation.flags = [*conversation.flags, flag]
        session.flush()


def view(row: Any) -> SessionView:
    """A session row as the edges see it."""
    names = SessionView.__dataclass_fields__
    return SessionView(**{name: getattr(row, name) for name in names})


def _insert_session(session: Session, sender_id: str, now: datetime) -> None:
    values = {
        "sender_id": sender_id,
        "channel": sender_id.partition(":")[0],
        "started_at": now,
        "last_message_at": now,
    }
    insert_once(session, ConversationSession, values, unique=["sender_id"], where=text("ended_at IS NULL"))


def _held(conversation: Any) -> bool:
    return conversation.careful or conversation.state != BOT


def _timed_out(conversation: Any, now: datetime, time_out: timedelta) -> bool:
    return not _held(conversation) and now - conversation.last_message_at > time_out


def _message_values(message: NewMessage, conversation: Any, now: datetime) -> dict[str, Any]:
    values = {name: getattr(message, name) for name in NewMessage.__dataclass_fields__}
    values |= {
        "at": message.at or now,
        "session_id": conversation.id,
        "sender_id": conversation.sender_id,
        "attachments": list(message.attachments),
        "entities": dict(found) if isinstance(found := message.entities, Mapping) else list(found),
        "message_key": short_key(message.message_key) if message.message_key else None,
    }
    return fit(Message, values)


def _message_view(row: Any) -> MessageView:
    return MessageView(**{name: getattr(row, name) for name in MessageView.__dataclass_fields__})
