"""Answers that could not go out with the resident's own request: each is sent once, also after a crash.

States: "open" (the connection of the only delivery so far broke; the platform may try again), "passive" (a later
delivery carried the answer after all), "api" (the answer travels by the platform's API), "kept" (it can't travel now
and goes along with the answer to the resident's next message), "done".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, delete, or_, select
from sqlalchemy.orm import Session

from bot.community.models.channels import ChannelSend, LateReply
from bot.community.rows import insert_once, is_one_of, short_key, storable, update_if

OPEN, PASSIVE, API, KEPT, DONE = "open", "passive", "api", "kept", "done"
LEASE = timedelta(seconds=30)
REST = "#rest"
"""Ends the key of what did not fit into an answer."""


@dataclass(frozen=True)
class LateReplyView:
    """An answer to be sent; parts is None when the message has to be answered (again) first."""

    sender_id: str
    message_key: str
    message: Mapping[str, Any]
    parts: Sequence[str] | None
    attempts: int
    created_at: datetime


@dataclass(frozen=True)
class Standing:
    """state: of the answer to one message, None while nothing special happened. kept: texts that wait to go along.

    pending: a late answer is still being worked on or sent.
    """

    state: str | None
    kept: tuple[str, ...] = ()
    pending: bool = False


def standing(session: Session, sender_id: str, key: str) -> Standing:
    """Where the answer to a message stands, and what goes along with it: the same for each delivery of the message."""
    key = short_key(key)
    may_show = or_(LateReply.shown_with.is_(None), LateReply.shown_with == key)
    rows = session.execute(
        select(LateReply.message_key, LateReply.state, LateReply.parts)
        .where(LateReply.sender_id == sender_id)
        .where(or_(LateReply.message_key == key, LateReply.state == API, and_(LateReply.state == KEPT, may_show)))
        .order_by(LateReply.created_at, LateReply.message_key)
    ).all()
    own = {key, short_key(key + REST)}
    others = [row for row in rows if row.message_key not in own]
    return Standing(
        state=next((row.state for row in rows if row.message_key == key), None),
        kept=tuple(part for row in others if row.state == KEPT for part in row.parts),
        pending=any(row.state == API for row in others),
    )


def show_kept(session: Session, sender_id: str, key: str) -> None:
    """The kept texts go out with the answer to this message, and with no other."""
    own = [short_key(key), short_key(key + REST)]
    update_if(
        session,
        LateReply,
        LateReply.sender_id == sender_id,
        LateReply.state == KEPT,
        LateReply.shown_with.is_(None),
        LateReply.message_key.notin_(own),
        shown_with=short_key(key),
    )


def begin(
    session: Session,
    sender_id: str,
    key: str,
    state: str,
    *,
    message: Mapping[str, Any],
    parts: Sequence[str] | None = None,
    now: datetime,
    wait: timedelta = LEASE,
) -> bool:
    """Decide that the answer to a message takes that way ("open", "api" or "kept"); False when it was decided before.

    An "open" one may still become anything; opening it again only renews the wait. wait: until a process that finds
    it unfinished takes it over. parts may come later (start), except for "kept".
    """
    values = {
        "sender_id": sender_id,
        "message_key": short_key(key),
        "state": state,
        "message": storable(dict(message)),
        "parts": storable(list(parts)) if parts is not None else None,
        "created_at": now,
        "next_attempt_at": now + wait,
    }
    if insert_once(session, LateReply, values, unique=["sender_id", "message_key"]):
        return True
    return _settle(session, sender_id, key, state, parts, now + wait) and state != OPEN


def settle_passive(session: Session, sender_id: str, key: str) -> bool:
    """A delivery carries the answer after all; False when it went another way meanwhile."""
    if update_if(session, LateReply, *_row(sender_id, key), LateReply.state == OPEN, state=PASSIVE):
        return True
    return session.scalar(select(LateReply.state).where(*_row(sender_id, key))) == PASSIVE


def start(session: Session, sender_id: str, key: str, parts: Sequence[str], *, now: datetime) -> bool:
    """The turn has ended with these parts; the first to say so carries them (True), nobody else."""
    first = (*_row(sender_id, key), LateReply.parts.is_(None))
    return update_if(session, LateReply, *first, **_progress(parts, now))


def progress(session: Session, sender_id: str, key: str, parts: Sequence[str], *, now: datetime) -> None:
    """What remains to be sent; nothing: the answer is done."""
    update_if(session, LateReply, *_row(sender_id, key), **_progress(parts, now))


def keep(session: Session, sender_id: str, key: str, parts: Sequence[str]) -> None:
    """It can't travel now: the resident gets it with the answer to their next message."""
    update_if(session, LateReply, *_row(sender_id, key), state=KEPT, parts=storable(list(parts)))


def give_up(session: Session, sender_id: str, key: str) -> None:
    """Nobody is there any more to get it."""
    update_if(session, LateReply, *_row(sender_id, key), state=DONE)


def try_again(session: Session, sender_id: str, key: str, *, at: datetime) -> None:
    """The platform did not take it; another attempt at that moment."""
    update_if(session, LateReply, *_row(sender_id, key), next_attempt_at=at)


def claim_due(session: Session, channel: str, *, now: datetime, limit: int = 20) -> list[LateReplyView]:
    """Take answers whose process is gone or whose next attempt is due; "open" ones become "api"."""
    query = (
        select(LateReply)
        .where(is_one_of(LateReply.state, (API, OPEN)), LateReply.next_attempt_at <= now)
        .where(LateReply.sender_id.startswith(f"{channel}:", autoescape=True))
        .order_by(LateReply.next_attempt_at, LateReply.sender_id, LateReply.message_key)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    rows = list(session.scalars(query))
    for row in rows:
        row.state = API
        row.next_attempt_at = now + LEASE
        row.attempts += 1
    session.flush()
    names = LateReplyView.__dataclass_fields__
    return [LateReplyView(**{name: getattr(row, name) for name in names}) for row in rows]


def has_due(session: Session, *, now: datetime) -> bool:
    """Whether there is anything for claim_due; asked every few seconds, so it only reads."""
    query = select(LateReply.sender_id).where(is_one_of(LateReply.state, (API, OPEN)), LateReply.next_attempt_at <= now)
    return session.execute(query.limit(1)).first() is not None


def forget(session: Session, sender_id: str) -> None:
    """Remove all that is under way to a sender who left."""
    for model in (LateReply, ChannelSend):
        session.execute(delete(model).where(model.sender_id == sender_id).execution_options(synchronize_session=False))


def tidy(session: Session, *, before: datetime) -> None:
    """Remove what was settled long ago: older than any sending window."""
    finished = (is_one_of(LateReply.state, (DONE, PASSIVE, KEPT)), LateReply.created_at < before)
    for statement in (delete(LateReply).where(*finished), delete(ChannelSend).where(ChannelSend.at < before)):
        session.execute(statement.execution_options(synchronize_session=False))


def _progress(parts: Sequence[str], now: datetime) -> dict[str, Any]:
    values: dict[str, Any] = {"parts": storable(list(parts)), "next_attempt_at": now + LEASE}
    return values if parts else {**values, "state": DONE}


def _settle(
    session: Session, sender_id: str, key: str, state: str, parts: Sequence[str] | None, next_attempt_at: datetime
) -> bool:
    values: dict[str, Any] = {"state": state, "next_attempt_at": next_attempt_at}
    if parts is not None:
        values["parts"] = storable(list(parts))
    return update_if(session, LateReply, *_row(sender_id, key), LateReply.state == OPEN, **values)


def _row(sender_id: str, key: str) -> tuple[Any, Any]:
    return LateReply.sender_id == sender_id, LateReply.message_key == short_key(key)
