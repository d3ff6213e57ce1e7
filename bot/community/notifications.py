"""The outbox: queued in the transaction that makes the news, delivered at least once, in order per recipient."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import Session, aliased

from bot.community.errors import NotFound
from bot.community.models.notifications import Notification
from bot.community.rows import insert_once, is_one_of, short_key, storable, update_if

STAFF_ALL = "staff:all"
"""Recipient of what everybody on the console should see."""

PENDING, CLAIMED, DELIVERED, DEAD = "pending", "claimed", "delivered", "dead"
UNDELIVERED = (PENDING, CLAIMED)
CLAIM_SECONDS = 60
MAX_ATTEMPTS = 8
FIRST_DELAY_SECONDS = 5
LONGEST_DELAY_SECONDS = 3600


@dataclass(frozen=True)
class NotificationView:
    """What a dispatcher delivers. key stays the same when it is delivered again, for the receiver to recognise."""

    id: int
    key: str
    recipient: str
    kind: str
    payload: Mapping[str, Any]
    attempts: int
    created_at: datetime
    state: str = PENDING
    last_error: str | None = None


def enqueue(
    session: Session,
    *,
    recipient: str,
    kind: str,
    payload: Mapping[str, Any],
    key: str,
    now: datetime,
    not_before: datetime | None = None,
) -> bool:
    """Queue news for "web:…", "staff:<id>" or STAFF_ALL; the same key is queued once. Tells whether it was new."""
    ready_at = max(now, not_before) if not_before else now
    return insert_once(
        session,
        Notification,
        {
            "key": short_key(key, 512),
            "recipient": recipient,
            "kind": kind,
            "payload": dict(storable(dict(payload))),
            "created_at": now,
            "ready_at": ready_at,
            "next_attempt_at": ready_at,
        },
        unique=["key"],
    )


def claim(
    session: Session, worker: str, limit: int, *, now: datetime, to_staff: bool = False
) -> list[NotificationView]:
    """Take up to `limit` due notifications for CLAIM_SECONDS; several workers may do so at once.

    Residents get theirs in order: at most one each, the oldest; the next waits until that one is delivered or dead.
    The staff's never wait for each other, since one of them may be a crisis. A claim that its worker did not finish
    in time (it was killed) is due again, so a delivery may be repeated, with the same key.
    """
    due = (
        select(Notification)
        .where(is_one_of(Notification.state, UNDELIVERED), Notification.next_attempt_at <= now)
        .where(Notification.recipient.like("staff:%") if to_staff else _is_next_of_resident())
        .order_by(Notification.next_attempt_at, Notification.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    taken = list(session.scalars(due))
    for notification in taken:
        notification.state = CLAIMED
        notification.claimed_by = worker
        notification.next_attempt_at = now + timedelta(seconds=CLAIM_SECONDS)
        notification.attempts += 1
    session.flush()
    return [_view(notification) for notification in taken]


def delivered(session: Session, id: int, *, now: datetime) -> None:
    """The platform has answered that it took the message."""
    notification = _get(session, id)
    notification.state = DELIVERED
    notification.delivered_at = now
    notification.last_error = None
    session.flush()


def failed(session: Session, id: int, error: str, *, now: datetime, permanent: bool = False) -> None:
    """Try again later, twice as late each time; dead after MAX_ATTEMPTS, or at once when it can never succeed."""
    notification = _get(session, id)
    if notification.state == DELIVERED:
        return
    notification.last_error = str(storable(error))[:2000]
    notification.claimed_by = None
    if permanent or notification.attempts >= MAX_ATTEMPTS:
        notification.state = DEAD
    else:
        notification.state = PENDING
        notification.next_attempt_at = now + _delay(notification.attempts)
    session.flush()


def dead(session: Session, *, limit: int = 50, before: int | None = None) -> list[NotificationView]:
    """Notifications that were given up, newest first; `before` is the last id of the page before."""
    query = select(Notification).where(Notification.state == DEAD)
    if before is not None:
        query = query.where(Notification.id < before)
    return [_view(row) for row in session.scalars(query.order_by(Notification.id.desc()).limit(limit))]


def retry(session: Session, id: int, *, now: datetime) -> bool:
    """Queue a dead notification anew, with fresh attempts; False when it was not dead."""
    return update_if(
        session,
        Notification,
        Notification.id == id,
        Notification.state == DEAD,
        state=PENDING,
        attempts=0,
        next_attempt_at=now,
        ready_at=now,
    )


def for_staff(session: Session, staff_id: int, *, limit: int = 50) -> list[NotificationView]:
    """The undelivered news for one member of staff and for everybody, newest first."""
    query = (
        select(Notification)
        .where(Notification.recipient.in_([f"staff:{staff_id}", STAFF_ALL]), is_one_of(Notification.state, UNDELIVERED))
        .order_by(Notification.id.desc())
        .limit(limit)
    )
    return [_view(row) for row in session.scalars(query)]


def _is_next_of_resident() -> Any:
    earlier = aliased(Notification)
    blocked = exists().where(
        earlier.recipient == Notification.recipient,
        is_one_of(earlier.state, UNDELIVERED),
        or_(
            earlier.ready_at < Notification.ready_at,
            and_(earlier.ready_at == Notification.ready_at, earlier.id < Notification.id),
        ),
    )
    return and_(Notification.recipient.notlike("staff:%"), ~blocked)


def _delay(attempts: int) -> timedelta:
    seconds = min(FIRST_DELAY_SECONDS * 2 ** (attempts - 1), LONGEST_DELAY_SECONDS)
    return timedelta(seconds=seconds * random.uniform(0.8, 1.2))  # noqa: S311 (jitter)


def _get(session: Session, id: int) -> Any:
    notification = session.get(Notification, id, with_for_update=True)
    if notification is None:
        raise NotFound("notification", id)
    return notification


def _view(row: Any) -> NotificationView:
    return NotificationView(
        id=row.id,
        key=row.key,
        recipient=row.recipient,
        kind=row.kind,
        payload=row.payload,
        attempts=row.attempts,
        created_at=row.created_at,
        state=row.state,
        last_error=row.last_error,
    )
