"""Sections 2.3 and 3: repeats, the five seconds, broken connections. A platform's second lasts 0.3 s here."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest

from bot.channels.wechat import answering, courier
from bot.community.models.channels import LateReply
from tests.channels.wechat.conftest import SECOND, OpenTown, Town
from tests.channels.wechat.platform import FAULT, Account

SLOW = 7 * SECOND  # longer than the platform waits, shorter than two deliveries


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The channel's own waits, as short as the platform's here."""
    monkeypatch.setattr(answering, "GRACE", answering.GRACE * SECOND)
    monkeypatch.setattr(answering, "REST_DELAY", answering.REST_DELAY * 0.1)
    monkeypatch.setattr(courier, "TICK_SECONDS", 0.1)


@pytest.fixture
async def poor_town(open_town: OpenTown) -> Town:
    """An account without the right to send."""
    return await open_town(Account(kind="subscription", verified=False))


async def quiet(seconds: float = 8.5 * SECOND) -> None:
    """Long enough for everything that might still be sent."""
    await asyncio.sleep(seconds)


async def test_repeated_message_gets_the_stored_reply_word_for_word(town: Town) -> None:
    first = await town.platform.push("o1", {"MsgType": "text", "Content": "你好"}, message_id=5)
    second = await town.platform.push("o1", {"MsgType": "text", "Content": "你好"}, message_id=5)
    assert first.shown == second.shown == "收到：你好"
    assert len(town.intake.taken) == 1


async def test_same_message_id_of_another_resident_is_another_message(town: Town) -> None:
    await town.platform.push("o1", {"MsgType": "text", "Content": "甲"}, message_id=5)
    told = await town.platform.push("o2", {"MsgType": "text", "Content": "乙"}, message_id=5)
    assert told.shown == "收到：乙"


async def test_repeated_event_is_recognised_without_a_message_id(town: Town) -> None:
    for _ in range(2):
        await town.platform.push(
            "o1", {"MsgType": "event", "Event": "CLICK", "EventKey": "report"}, created=1_700_000_000
        )
    assert len(town.intake.taken) == 1


async def test_two_events_of_one_second_are_two(town: Town) -> None:
    for key in ("report", "progress"):
        await town.platform.push("o1", {"MsgType": "event", "Event": "CLICK", "EventKey": key}, created=1_700_000_000)
    assert [inbound.text for inbound in town.intake.taken] == ["我要报修", "查进度"]


async def test_deliveries_at_the_same_time_are_one_message(town: Town) -> None:
    town.intake.slow["你好"] = 0.2
    told = await town.platform.say("o1", "你好", duplicates=4)
    assert told.shown == "收到：你好"
    assert len(town.intake.taken) == 1


async def test_memory_is_shared_by_worker_processes(open_town: OpenTown, tmp_path: Path) -> None:
    """Two servers on one database: the repeat that the second one gets is answered with the first one's words."""
    one, two = await open_town(path=tmp_path / "both.db"), await open_town(path=tmp_path / "both.db")
    await one.platform.push("o1", {"MsgType": "text", "Content": "你好"}, message_id=5)
    told = await two.platform.push("o1", {"MsgType": "text", "Content": "你好"}, message_id=5)
    assert told.shown == "收到：你好"
    assert not two.intake.taken


async def test_late_answer_is_success_and_then_a_message(town: Town) -> None:
    town.intake.slow["慢"] = SLOW
    started = time.perf_counter()
    told = await town.platform.say("o1", "慢")
    assert time.perf_counter() - started < 5 * SECOND
    assert (told.shown, told.bodies) == (None, [b"success"])
    await town.until(lambda: town.screen("o1") == ["收到：慢"])
    await quiet()
    assert town.screen("o1") == ["收到：慢"]


async def test_late_answer_shows_typing_meanwhile(town: Town) -> None:
    town.intake.slow["慢"] = SLOW
    await town.platform.say("o1", "慢")
    await town.until(lambda: "message/custom/typing" in [path for path, _ in town.platform.calls])


async def test_late_answer_whose_success_got_lost_is_sent_once(town: Town) -> None:
    town.intake.slow["慢"] = SLOW
    told = await town.platform.say("o1", "慢", lose=1)
    await quiet()
    assert told.shown is None
    assert town.screen("o1") == ["收到：慢"]
    assert len(town.intake.taken) == 1


async def test_lost_passive_reply_is_repeated_on_the_retry(town: Town) -> None:
    told = await town.platform.say("o1", "你好", lose=2)
    await quiet()
    assert len(told.bodies) == 3
    assert town.screen("o1") == ["收到：你好"]


@pytest.mark.parametrize("breaks", [(0.05,), (0.05, 0.05)])
async def test_turn_outlives_a_broken_connection(town: Town, breaks: tuple[float, ...]) -> None:
    """Sanic cancels the handler; the retry joins the turn and carries the answer."""
    town.intake.slow["慢"] = 0.3
    told = await town.platform.say("o1", "慢", breaks=breaks)
    await quiet()
    assert told.shown == "收到：慢"
    assert town.screen("o1") == ["收到：慢"]
    assert len(town.intake.taken) == 1


async def test_answer_goes_by_api_when_every_connection_broke(town: Town) -> None:
    town.intake.slow["慢"] = 0.5
    told = await town.platform.say("o1", "慢", breaks=(0.05, 0.05, 0.05))
    assert told.shown == FAULT
    await town.until(lambda: town.screen("o1") == [FAULT, "收到：慢"])
    await quiet()
    assert town.screen("o1") == [FAULT, "收到：慢"]


async def test_broken_connection_and_late_answer(town: Town) -> None:
    town.intake.slow["慢"] = SLOW
    told = await town.platform.say("o1", "慢", breaks=(0.05,))
    await quiet()
    assert told.shown is None
    assert town.screen("o1") == ["收到：慢"]


async def test_without_the_right_to_send_the_next_delivery_carries_the_answer(poor_town: Town) -> None:
    poor_town.intake.slow["慢"] = SLOW
    told = await poor_town.platform.say("o1", "慢")
    await quiet()
    assert told.statuses == [None, 200]
    assert poor_town.screen("o1") == ["收到：慢"]
    assert not poor_town.platform.calls


async def test_without_the_right_to_send_a_very_late_answer_goes_with_the_next_message(poor_town: Town) -> None:
    poor_town.intake.slow["很慢"] = 17 * SECOND
    told = await poor_town.platform.say("o1", "很慢")
    assert told.statuses == [None, None, 200]
    assert told.shown is not None
    assert "继续" in told.shown
    told = await poor_town.platform.say("o1", "继续")
    assert told.shown == "收到：很慢"
    assert [inbound.text for inbound in poor_town.intake.taken] == ["很慢"]


async def test_kept_answer_stands_before_the_answer_it_goes_with(poor_town: Town) -> None:
    poor_town.intake.slow["很慢"] = 16 * SECOND
    await poor_town.platform.say("o1", "很慢")
    await quiet(2.5 * SECOND)
    assert (await poor_town.platform.push("o1", text("在吗"), message_id=9, lose=1)).shown == "收到：很慢\n\n收到：在吗"
    assert (await poor_town.platform.push("o1", text("在吗"), message_id=9)).shown == "收到：很慢\n\n收到：在吗"
    assert (await poor_town.platform.say("o1", "还在吗")).shown == "收到：还在吗"


async def test_the_word_continue_is_for_the_bot_when_nothing_is_kept(poor_town: Town) -> None:
    assert (await poor_town.platform.say("o1", "继续")).shown == "收到：继续"


async def test_fourth_delivery_is_tolerated(poor_town: Town) -> None:
    told = await poor_town.platform.say("o1", "你好", lose=3, deliveries=4)
    assert told.shown == "收到：你好"


async def test_nothing_to_say_is_success(town: Town) -> None:
    """While a human has the conversation the bot is silent; an empty Content would bring the fault notice."""
    town.intake.says["你好"] = []
    told = await town.platform.say("o1", "你好")
    assert (told.shown, told.bodies) == (None, [b"success"])


async def test_failure_is_an_apology_and_no_error_status(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(inbound: object) -> None:
        raise RuntimeError("the database is gone")

    monkeypatch.setattr(town.intake, "take", fail)
    told = await town.platform.say("o1", "你好")
    assert told.statuses == [200]
    assert told.shown is not None
    assert "抱歉" in told.shown


async def test_answer_decided_by_a_killed_process_is_sent_by_the_next(open_town: OpenTown, tmp_path: Path) -> None:
    town = await open_town(path=tmp_path / "both.db")
    town.intake.slow["慢"] = 30  # longer than the test: this process never comes to an end with it
    await town.platform.say("o1", "慢")
    await town.server.aclose()
    with town.database.transaction() as session:
        (row,) = session.query(LateReply).all()
        assert (row.state, row.parts) == ("api", None)
        row.next_attempt_at = row.created_at
    heir = await open_town(path=tmp_path / "both.db", wechat_api_base=town.platform.api_base)
    await town.until(lambda: town.screen("o1") == ["收到：慢"])
    assert heir.intake.taken[0].key == town.intake.taken[0].key


def text(content: str) -> dict[str, str]:
    return {"MsgType": "text", "Content": content}
