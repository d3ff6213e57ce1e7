"""The ledger of received messages: a resent one is recognised, and one that a killed process took is not lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.community.errors import NotFound
from bot.community.models.conversations import InboundMessage
from bot.community.residents import check_sender
from bot.community.rows import insert_once, short_key, storable, update_if

LEASE = timedelta(seconds=30)


@dataclass(frozen=True)
class Receipt:
    """new: the caller must answer this message. Otherwise reply is the stored answer, or None while it is worked on."""

    new: bool
    reply: Any = None
    answered: bool = False


@dataclass(frozen=True)
class Unanswered:
    """A message that somebody began to answer and did not finish."""

    sender_id: str
    message_key: str
    text: str
    received_at: datetime
    attempts: int
    attachments: Sequence[Any] | None = None


def receive(
    session: Session,
    sender_id: str,
    key: str,
    text: str,
    *,
    now: datetime,
    lease: timedelta = LEASE,
    attachments: Sequence[Any] = (),
) -> Receipt:
    """Note a message, with what came with it, before it is worked on. key is the channel's id of the message.

    A repeated message is new again when its first receiver has not answered within the lease: it was killed.
    """
    check_sender(sender_id)
    values = {
        "sender_id": sender_id,
        "message_key": short_key(key),
        "text": text,
        "attachments": storable(list(attachments)) or None,
        "received_at": now,
        "claimed_at": now,
    }
    if insert_once(session, InboundMessage, values, unique=["sender_id", "message_key"]):
        return Receipt(new=True)
    return _again(session, _get(session, sender_id, key), now, lease)


def answered(session: Session, sender_id: str, key: str, reply: Any, *, now: datetime) -> None:
    """Keep the reply (anything JSON can hold); the first one stays. Raises NotFound."""
    row = _get(session, sender_id, key)
    if row.answered_at is None:
        row.reply = storable(reply)
        row.answered_at = now
        session.flush()


def stored_reply(session: Session, sender_id: str, message_key: str) -> Any:
    """The reply that a message got, or None."""
    row = session.get(InboundMessage, (sender_id, short_key(message_key)))
    return row.reply if row else None


def unanswered(session: Session, *, now: datetime, older_than: timedelta = LEASE, limit: int = 100) -> list[Unanswered]:
    """Messages left behind by killed processes, the oldest first."""
    query = (
        select(InboundMessage)
        .where(InboundMessage.answered_at.is_(None), InboundMessage.claimed_at <= now - older_than)
        .order_by(InboundMessage.claimed_at, InboundMessage.sender_id, InboundMessage.message_key)
        .limit(limit)
    )
    names = Unanswered.__dataclass_fields__
    return [Unanswered(**{name: getattr(row, name) for name in names}) for row in session.scalars(query)]


def _again(session: Session, row: Any, now: datetime, lease: timedelta) -> Receipt:
    if row.answered_at is not None:
        return Receipt(new=False, reply=row.reply, answered=True)
    if now - row.claimed_at < lease:
        return Receipt(new=False)
    reclaimed = update_if(
        session,
        InboundMessage,
        InboundMessage.sender_id == row.sender_id,
        InboundMessage.message_key == row.message_key,
        InboundMessage.claimed_at == row.claimed_at,
        claimed_at=now,
        attempts=row.attempts + 1,
    )
    return Receipt(new=reclaimed)


def _get(session: Session, sender_id: str, key: str) -> Any:
    row = session.get(InboundMessage, (sender_id, short_key(key)))
    if row is None:
        raise NotFound("message", key)
    return row
