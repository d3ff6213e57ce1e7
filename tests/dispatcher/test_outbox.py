"""What is due is delivered once, tried again when refused, and given up when it can never succeed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.community import notifications
from bot.community.database import Database
from bot.community.models.notifications import Notification
from bot.community.notifications import NotificationView
from bot.dispatcher.delivery import ByRecipient, NotDelivered, SmsDelivery
from bot.dispatcher.outbox import BATCH, Outbox

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=timezone.utc)


class Told:
    """A way of delivery that keeps what it was given; `refuses` so many times first."""

    def __init__(self, refuses: int = 0) -> None:
        self.keys: list[str] = []
        self.refuses = refuses

    async def deliver(self, notification: NotificationView) -> None:
        if self.refuses:
            self.refuses -= 1
            raise NotDelivered("not now")
        self.keys.append(notification.key)


class Phones:
    def __init__(self) -> None:
        self.sent: list[tuple[str, str, str]] = []

    async def send(self, phone: str, text: str, *, key: str) -> None:
        self.sent.append((phone, text, key))


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = Database(f"sqlite:///{tmp_path / 'test.db'}", synchronous="OFF")
    made.create_all()
    yield made
    made.dispose()


def queue(database: Database, key: str, recipient: str = "rest:u1", kind: str = "link_code") -> None:
    database.call(notifications.enqueue, recipient=recipient, kind=kind, payload={"code": "012345"}, key=key, now=NOW)


def states(database: Database) -> dict[str, str]:
    query = select(Notification.key, Notification.state)
    return dict(database.call_reading(lambda session: session.execute(query).all()))


async def test_due_notification_is_delivered_once(database: Database) -> None:
    queue(database, "k1")
    told = Told()
    outbox = Outbox(database, told, "w", Clock())
    assert await outbox.deliver_due() == 1
    assert await outbox.deliver_due() == 0
    assert told.keys == ["k1"]
    assert states(database) == {"k1": "delivered"}


async def test_refused_notification_is_tried_again_later(database: Database) -> None:
    queue(database, "k1")
    told, clock = Told(refuses=1), Clock()
    outbox = Outbox(database, told, "w", clock)
    await outbox.deliver_due()
    assert states(database) == {"k1": "pending"}
    assert await outbox.deliver_due() == 0
    clock.now += timedelta(minutes=1)
    await outbox.deliver_due()
    assert told.keys == ["k1"]


async def test_later_news_of_a_resident_waits_for_the_earlier(database: Database) -> None:
    queue(database, "k1")
    queue(database, "k2")
    queue(database, "other", recipient="rest:u2")
    told = Told()
    outbox = Outbox(database, told, "w", Clock())
    await outbox.deliver_due()
    assert sorted(told.keys) == ["k1", "other"]
    await outbox.deliver_due()
    assert told.keys[-1] == "k2"


async def test_staff_are_left_to_the_console(database: Database) -> None:
    queue(database, "k1", recipient="staff:all")
    assert await Outbox(database, Told(), "w", Clock()).deliver_due() == 0


async def test_notification_without_words_is_given_up_and_holds_nobody_up(database: Database) -> None:
    queue(database, "k1", recipient="sms:13900001234", kind="no_such_kind")
    queue(database, "k2", recipient="sms:13900001235")
    phones = Phones()
    outbox = Outbox(database, ByRecipient(Told(), SmsDelivery(phones)), "w", Clock())
    await outbox.deliver_due()
    assert states(database) == {"k1": "dead", "k2": "delivered"}
    assert [(phone, key) for phone, _, key in phones.sent] == [("13900001235", "k2")]


async def test_many_are_delivered_in_batches(database: Database) -> None:
    for number in range(BATCH + 3):
        queue(database, f"k{number}", recipient=f"rest:u{number}")
    outbox = Outbox(database, Told(), "w", Clock())
    assert [await outbox.deliver_due() for _ in range(3)] == [BATCH, 3, 0]
