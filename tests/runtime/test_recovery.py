"""A message that a killed process left behind is answered by the next one, through the resident's channel."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from rasa.core.channels.channel import InputChannel, OutputChannel

from bot.channels.intake import Intake
from bot.community import conversations, received
from bot.community.database import Database
from bot.community.received import Unanswered
from bot.runtime.locks import InProcessLockStore
from bot.runtime.recovery import sweep


def moment_ago(**elapsed: float) -> datetime:
    """Counted from when a test runs: the module may have been imported minutes before."""
    return datetime.now(timezone.utc) - timedelta(**elapsed)


class Channel(InputChannel):
    """Keeps what is pushed to residents."""

    def __init__(self, name: str) -> None:
        self._name = name
        self.pushed: list[tuple[str, str]] = []

    def name(self) -> str:  # type: ignore[override]
        return self._name

    def get_output_channel(self) -> OutputChannel:
        channel = self

        class Output(OutputChannel):
            async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
                channel.pushed.append((recipient_id, message["text"]))

        return Output()


class OwnWay(Channel):
    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.lost: list[str] = []

    async def recover(self, lost: Unanswered) -> None:
        self.lost.append(lost.message_key)


class Echo:
    """A bot that repeats what it hears."""

    async def handle_message(self, message: Any) -> None:
        await message.output_channel.send_text_message(message.sender_id, f"收到：{message.text}")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = Database(f"sqlite:///{tmp_path / 'test.db'}", synchronous="OFF")
    made.create_all()
    yield made
    made.dispose()


@pytest.fixture
def intake(database: Database) -> Intake:
    agent = SimpleNamespace(lock_store=InProcessLockStore(), processor=Echo())
    return Intake(agent, database)  # type: ignore[arg-type]


def take(database: Database, sender: str, key: str, text: str, at: datetime) -> None:
    """What a process does before it is killed."""
    database.call(conversations.receive, sender, key, text, now=at)


async def test_lost_message_is_answered_and_pushed_once(intake: Intake, database: Database) -> None:
    take(database, "web:1", "m1", "水管爆了", moment_ago(minutes=5))
    web = Channel("web")
    assert await sweep(intake, [web], database, older_than=received.LEASE) == 1
    assert web.pushed == [("web:1", "收到：水管爆了")]
    assert await sweep(intake, [web], database, older_than=received.LEASE) == 0
    assert database.call_reading(conversations.stored_reply, "web:1", "m1") == [{"text": "收到：水管爆了"}]


async def test_message_that_another_process_works_on_is_left_to_it(intake: Intake, database: Database) -> None:
    take(database, "web:1", "m1", "水管爆了", moment_ago())
    assert await sweep(intake, [Channel("web")], database, older_than=received.LEASE) == 0


async def test_sole_server_need_not_wait_for_the_lease(intake: Intake, database: Database) -> None:
    take(database, "web:1", "m1", "水管爆了", moment_ago())
    assert await sweep(intake, [Channel("web")], database, older_than=timedelta(0)) == 1


async def test_channel_with_a_way_of_its_own_is_asked(intake: Intake, database: Database) -> None:
    take(database, "wechat:o1", "m1", "水管爆了", moment_ago(minutes=5))
    wechat = OwnWay("wechat")
    await sweep(intake, [Channel("web"), wechat], database, older_than=received.LEASE)
    assert wechat.lost == ["m1"]
    assert wechat.pushed == []


async def test_message_of_a_channel_that_is_gone_is_answered_in_the_log(intake: Intake, database: Database) -> None:
    take(database, "old:1", "m1", "水管爆了", moment_ago(minutes=5))
    await sweep(intake, [Channel("web")], database, older_than=received.LEASE)
    assert database.call_reading(conversations.stored_reply, "old:1", "m1")
