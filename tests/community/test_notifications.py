from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from bot.community import notifications
from bot.community.database import Database
from bot.community.errors import NotFound

MINUTE = timedelta(minutes=1)


def queue(session: Session, key: str, now: datetime, recipient: str = "web:r1", **values: object) -> bool:
    return notifications.enqueue(
        session, recipient=recipient, kind="news", payload={"key": key}, key=key, now=now, **values
    )


def claimed(session: Session, now: datetime, limit: int = 10) -> list[str]:
    return [found.key for found in notifications.claim(session, "w1", limit, now=now)]


def test_same_key_is_queued_once(session: Session, now: datetime) -> None:
    assert queue(session, "a", now)
    assert not queue(session, "a", now)
    assert claimed(session, now) == ["a"]


def test_recipient_gets_one_after_the_other(session: Session, now: datetime) -> None:
    for key in "abc":
        queue(session, key, now)
    queue(session, "x", now, "web:r2")
    first = notifications.claim(session, "w1", 10, now=now)
    assert [found.key for found in first] == ["a", "x"]
    assert claimed(session, now) == []
    notifications.delivered(session, first[0].id, now=now)
    assert claimed(session, now) == ["b"]


def test_failure_is_tried_later_and_keeps_the_order(session: Session, now: datetime) -> None:
    queue(session, "a", now)
    queue(session, "b", now)
    delays = []
    for _ in range(3):
        taken = notifications.claim(session, "w1", 1, now=now)[0]
        assert taken.key == "a"
        notifications.failed(session, taken.id, "timeout", now=now)
        assert claimed(session, now) == []
        start = now
        while not (again := notifications.claim(session, "w1", 1, now=now)):
            now += timedelta(seconds=1)
        notifications.failed(session, again[0].id, "timeout", now=now)
        delays.append(now - start)
        now += timedelta(hours=2)
    assert delays == sorted(delays)


def test_given_up_after_many_attempts_and_queued_anew(session: Session, now: datetime) -> None:
    queue(session, "a", now)
    queue(session, "b", now)
    for _ in range(notifications.MAX_ATTEMPTS):
        now += timedelta(hours=2)
        notifications.failed(session, notifications.claim(session, "w1", 1, now=now)[0].id, "gone", now=now)
    given_up = notifications.dead(session)
    assert [(found.key, found.last_error) for found in given_up] == [("a", "gone")]
    assert claimed(session, now) == ["b"]
    assert notifications.retry(session, given_up[0].id, now=now)
    assert not notifications.retry(session, given_up[0].id, now=now)
    assert notifications.dead(session) == []


def test_permanent_failure_is_not_repeated(session: Session, now: datetime) -> None:
    queue(session, "a", now)
    notifications.failed(session, notifications.claim(session, "w", 1, now=now)[0].id, "gone", now=now, permanent=True)
    assert len(notifications.dead(session)) == 1


def test_claim_of_a_killed_worker_is_due_again(session: Session, now: datetime) -> None:
    queue(session, "a", now)
    assert claimed(session, now) == ["a"]
    later = now + timedelta(seconds=notifications.CLAIM_SECONDS)
    again = notifications.claim(session, "w2", 1, now=later)
    assert [(found.key, found.attempts) for found in again] == [("a", 2)]


def test_scheduled_news_holds_up_nothing(session: Session, now: datetime) -> None:
    queue(session, "next week", now, not_before=now + timedelta(days=7))
    queue(session, "now", now)
    first = notifications.claim(session, "w", 5, now=now)
    assert [found.key for found in first] == ["now"]
    notifications.delivered(session, first[0].id, now=now)
    assert claimed(session, now + timedelta(days=7)) == ["next week"]


def test_staff_news_is_for_the_console(session: Session, now: datetime) -> None:
    queue(session, "a", now, "staff:7")
    queue(session, "b", now, notifications.STAFF_ALL)
    queue(session, "c", now, "staff:8")
    assert claimed(session, now) == []
    assert [found.key for found in notifications.for_staff(session, 7)] == ["b", "a"]
    assert len(notifications.claim(session, "w", 5, now=now, to_staff=True)) == 3


def test_two_workers_never_claim_the_same(database: Database, now: datetime) -> None:
    with database.transaction() as session:
        for number in range(20):
            queue(session, f"{number}", now, f"web:{number}")
    if database.engine.dialect.name == "sqlite":
        batches = [[found.key for found in database.call(notifications.claim, "w", 10, now=now)] for _ in range(2)]
    else:
        with database.transaction() as one, database.transaction() as other:
            batches = [[found.key for found in notifications.claim(s, "w", 10, now=now)] for s in (one, other)]
    assert len(set(batches[0]) | set(batches[1])) == 20


def test_unknown_notification(session: Session, now: datetime) -> None:
    with pytest.raises(NotFound):
        notifications.delivered(session, 99, now=now)
