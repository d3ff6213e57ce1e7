"""Through a real Rasa API: said once, in the log, and sent again only when the channel did not take it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timezone
from typing import Any

import aiohttp
import pytest
from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, OutputChannel
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from sanic import Sanic

from bot.community.notifications import NotificationView
from bot.dispatcher.delivery import NotDelivered, RasaDelivery
from bot.runtime import api
from bot.runtime.listening import listen
from bot.runtime.locks import InProcessLockStore
from tests.serving import serving

TOKEN = "token of the tests"
AT = datetime(2026, 11, 23, 2, 0, tzinfo=timezone.utc)
NEWS = NotificationView(1, "link:1", "rest:u 一", "link_code", {"code": "012345"}, 1, AT)


class Channel(InputChannel):
    """Takes messages, after refusing some."""

    def __init__(self) -> None:
        self.taken: list[dict[str, Any]] = []
        self.refuses = 0

    @classmethod
    def name(cls) -> str:
        return "rest"

    def get_output_channel(self) -> OutputChannel:
        channel = self

        class Output(CollectingOutputChannel):
            async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
                if channel.refuses:
                    channel.refuses -= 1
                    raise RuntimeError("the platform does not answer")
                channel.taken.append({"to": recipient_id, **message})

        return Output()


class Processor:
    """The part of Rasa's processor that the API uses, on trackers in memory."""

    def __init__(self) -> None:
        self.trackers: dict[str, DialogueStateTracker] = {}

    async def fetch_tracker_with_initial_session(self, sender_id: str) -> DialogueStateTracker:
        return self.trackers.setdefault(sender_id, DialogueStateTracker(sender_id, None))

    async def save(self, tracker: DialogueStateTracker) -> None:
        self.trackers[tracker.sender_id] = tracker

    async def execute_side_effects(self, events: list[Any], tracker: Any, output: OutputChannel) -> None:
        for event in events:
            await output.send_response(tracker.sender_id, event.message())


class Agent:
    domain = Domain.empty()

    def __init__(self) -> None:
        self.lock_store = InProcessLockStore()
        self.processor = self.tracker_store = Processor()


@asynccontextmanager
async def rasa(channel: Channel) -> AsyncIterator[tuple[RasaDelivery, Processor]]:
    app = Sanic("rasa_of_the_tests", configure_logging=False)
    app.ctx.agent, app.ctx.input_channels = Agent(), [channel]
    app.blueprint(api.blueprint(TOKEN))
    api.install_error_handler(app)
    async with serving(app) as url, aiohttp.ClientSession() as session:
        yield RasaDelivery(session, url, TOKEN), app.ctx.agent.processor


@pytest.fixture
def channel() -> Channel:
    return Channel()


async def test_news_is_said_as_the_bot_and_recognisable(channel: Channel) -> None:
    async with rasa(channel) as (delivery, processor):
        await delivery.deliver(NEWS)
    (message,) = channel.taken
    assert message["to"] == "rest:u 一"
    assert "012345" in message["text"]
    assert message["key"] == "link:1"
    assert len(processor.trackers["rest:u 一"].events) == 1


async def test_repeated_delivery_is_stored_and_sent_once(channel: Channel) -> None:
    async with rasa(channel) as (delivery, processor):
        await delivery.deliver(NEWS)
        await delivery.deliver(NEWS)
    assert len(channel.taken) == 1
    assert len(processor.trackers["rest:u 一"].events) == 1


async def test_refused_by_the_channel_is_not_taken_for_delivered(channel: Channel) -> None:
    channel.refuses = 1
    async with rasa(channel) as (delivery, processor):
        with pytest.raises(NotDelivered, match="500"):
            await delivery.deliver(NEWS)
        await delivery.deliver(NEWS)
    assert len(channel.taken) == 1
    assert len(processor.trackers["rest:u 一"].events) == 1


async def test_channel_that_is_not_there_is_not_delivered(channel: Channel) -> None:
    elsewhere = NotificationView(1, "link:1", "wechat:o1", "link_code", {"code": "012345"}, 1, AT)
    async with rasa(channel) as (delivery, _):
        with pytest.raises(NotDelivered, match="424"):
            await delivery.deliver(elsewhere)


async def test_server_that_is_down_is_not_delivered() -> None:
    with listen("127.0.0.1", 0, "RASA_PORT") as closed:
        port = closed.getsockname()[1]
    async with aiohttp.ClientSession() as session:
        with pytest.raises(NotDelivered, match="could not be reached"):
            await RasaDelivery(session, f"http://127.0.0.1:{port}", TOKEN).deliver(NEWS)
