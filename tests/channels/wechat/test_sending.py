"""Sections 4.3, 4.4 and 4.6: what may be sent to whom, when."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from bot.channels.wechat import NotDelivered, api, courier, sending
from bot.channels.wechat.abilities import KINDS
from bot.community import clock
from tests.channels.wechat.conftest import SECOND, OpenTown, Town
from tests.channels.wechat.platform import Account

SEND, TEMPLATE = "message/custom/send", "message/template/send"
SLOW = 7 * SECOND


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(courier, "TICK_SECONDS", 0.1)
    monkeypatch.setattr(courier, "_delay", lambda attempts: timedelta(seconds=0.1))
    monkeypatch.setattr(api, "FIRST_DELAY_SECONDS", 0.01)


@pytest.fixture
def pass_time(monkeypatch: pytest.MonkeyPatch) -> Any:
    """pass_time(town, hours=…): on both sides."""

    def pass_time(town: Town, **how_long: float) -> None:
        moved = timedelta(**how_long)
        town.platform.skipped += moved.total_seconds()
        monkeypatch.setattr(sending, "utcnow", lambda: clock.utcnow() + moved)

    return pass_time


async def tell(town: Town, openid: str, text: str) -> None:
    """An operator's words, as Rasa sends them."""
    await town.channel.get_output_channel().send_response(f"wechat:{openid}", {"text": text})


def sent(town: Town) -> int:
    return len([path for path, _ in town.platform.calls if path == SEND])


async def test_operators_words_go_out_without_a_request(town: Town) -> None:
    await town.platform.say("o1", "你好")
    await tell(town, "o1", "我是值班的小王，您说。")
    assert town.screen("o1") == ["收到：你好", "我是值班的小王，您说。"]


async def test_long_words_of_an_operator_are_split_and_in_order(town: Town) -> None:
    await town.platform.say("o1", "你好")
    await tell(town, "o1", "请您听我说。" * 150)
    assert "".join(town.screen("o1")[1:]) == "请您听我说。" * 150


async def test_buttons_and_pictures_of_an_operator_arrive(town: Town) -> None:
    await town.platform.say("o1", "你好")
    output = town.channel.get_output_channel()
    buttons = [{"title": "好的", "payload": "好的"}]
    await output.send_response("wechat:o1", {"text": "可以吗？", "buttons": buttons})
    await output.send_response("wechat:o1", {"image": "https://example.org/a.jpg"})
    assert "msgmenucontent=好的" in town.screen("o1")[1]
    assert "https://example.org/a.jpg" in town.screen("o1")[2]


async def test_five_messages_in_48_hours(town: Town) -> None:
    await town.platform.say("o1", "你好")
    for number in range(5):
        await tell(town, "o1", f"第{number}条")
    with pytest.raises(NotDelivered, match="window_closed"):
        await tell(town, "o1", "第六条")
    assert sent(town) == 5
    await town.platform.say("o1", "我在")
    await tell(town, "o1", "又可以了")
    assert town.screen("o1")[-1] == "又可以了"


async def test_passive_replies_cost_nothing_of_the_quota(town: Town) -> None:
    for number in range(8):
        await town.platform.say("o1", f"第{number}句")
    for number in range(5):
        await tell(town, "o1", f"第{number}条")
    assert sent(town) == 5


async def test_window_closes_after_48_hours(town: Town, pass_time: Any) -> None:
    await town.platform.say("o1", "你好")
    pass_time(town, hours=47.9)
    await tell(town, "o1", "还来得及")
    pass_time(town, hours=0.2)
    pass_time(town, hours=48.1)
    with pytest.raises(NotDelivered, match="window_closed"):
        await tell(town, "o1", "晚了")
    assert sent(town) == 1


async def test_nobody_who_never_wrote_is_written_to(town: Town) -> None:
    with pytest.raises(NotDelivered, match="window_closed"):
        await tell(town, "stranger", "你好")
    assert not sent(town)


@pytest.mark.parametrize("event", ["subscribe", "SCAN", "CLICK"])
async def test_following_scanning_and_the_menu_open_three_messages_for_a_minute(
    town: Town, pass_time: Any, event: str
) -> None:
    await town.platform.event("o1", event, EventKey="report")
    for number in range(3):
        await tell(town, "o1", f"第{number}条")
    with pytest.raises(NotDelivered):
        await tell(town, "o1", "第四条")
    assert sent(town) == 3
    await town.platform.event("o2", event, EventKey="report")
    pass_time(town, seconds=61)
    with pytest.raises(NotDelivered):
        await tell(town, "o2", "晚了")


async def test_tapping_a_menu_message_counts_as_a_click(town: Town) -> None:
    await town.platform.push("o1", {"MsgType": "text", "Content": "满意", "bizmsgmenuid": "101"})
    for number in range(3):
        await tell(town, "o1", f"第{number}条")
    with pytest.raises(NotDelivered):
        await tell(town, "o1", "第四条")


async def test_view_opens_no_window(town: Town) -> None:
    await town.platform.event("o1", "VIEW", EventKey="https://example.org")
    with pytest.raises(NotDelivered):
        await tell(town, "o1", "你好")


@pytest.mark.parametrize(
    ("code", "reason", "permanent"),
    [
        (45015, "window_closed", False),
        (45047, "window_closed", False),
        (43004, "unreachable", True),
        (40003, "unreachable", True),
        (48002, "unreachable", True),
        (45009, "quota_used_up", False),
        (48001, "no_right", True),
        (50002, "platform", False),
    ],
)
async def test_refusal_is_raised_with_its_reason(town: Town, code: int, reason: str, permanent: bool) -> None:
    await town.platform.say("o1", "你好")
    town.platform.faults[SEND] = [code]
    with pytest.raises(NotDelivered) as failed:
        await tell(town, "o1", "在吗")
    assert (failed.value.reason, failed.value.permanent) == (reason, permanent)


async def test_missing_right_is_learnt_and_not_called_again(town: Town) -> None:
    await town.platform.say("o1", "你好")
    town.platform.faults[SEND] = [48001]
    for _ in range(3):
        with pytest.raises(NotDelivered):
            await tell(town, "o1", "在吗")
    assert sent(town) == 1


async def test_late_answer_beyond_the_window_goes_with_the_next_message(town: Town) -> None:
    town.intake.slow["慢"] = SLOW
    town.platform.faults[SEND] = [45015]
    await town.platform.say("o1", "慢")
    await town.until(lambda: sent(town) == 1)
    await asyncio.sleep(0.3)
    assert (await town.platform.say("o1", "在吗")).shown == "收到：慢\n\n收到：在吗"
    assert (await town.platform.say("o1", "在吗")).shown == "收到：在吗"


async def test_storm_of_busy_answers_ends_in_one_late_answer(town: Town) -> None:
    town.intake.slow["慢"] = SLOW
    town.platform.faults[SEND] = [-1] * 10
    await town.platform.say("o1", "慢")
    await town.until(lambda: town.screen("o1") == ["收到：慢"], seconds=20)
    await asyncio.sleep(1)
    assert town.screen("o1") == ["收到：慢"]


async def test_nobody_is_written_to_after_leaving(town: Town) -> None:
    town.intake.slow["慢"] = SLOW
    await town.platform.say("o1", "慢")
    town.platform.unfollowed.add("o1")
    await town.until(lambda: sent(town) == 1)
    await asyncio.sleep(0.5)
    assert sent(town) == 1
    assert not town.screen("o1")


async def test_news_outside_the_window_goes_by_template(open_town: OpenTown) -> None:
    town = await open_town(wechat_template_id="T1", wechat_template_field="thing2")
    await tell(town, "o1", "您的工单 WY20261124-0001 已经派单，维修师傅下午上门。")
    (screen,) = town.screen("o1")
    assert screen.startswith("模板：您的工单")
    (content,) = [content for path, content in town.platform.calls if path == TEMPLATE]
    assert len(content["data"]["thing2"]["value"]) == 20


async def test_template_is_not_used_inside_the_window(open_town: OpenTown) -> None:
    town = await open_town(wechat_template_id="T1")
    await town.platform.say("o1", "你好")
    await tell(town, "o1", "派单了")
    assert town.screen("o1")[-1] == "派单了"


async def test_template_needs_a_verified_service_account(open_town: OpenTown) -> None:
    town = await open_town(Account(kind="subscription"), wechat_template_id="T1")
    with pytest.raises(NotDelivered):
        await tell(town, "o1", "派单了")
    assert not town.platform.calls


@pytest.mark.parametrize("kind", ["service", "subscription"])
async def test_unverified_account_calls_nothing(open_town: OpenTown, kind: str) -> None:
    town = await open_town(Account(kind=kind, verified=False))
    town.intake.slow["慢"] = 3 * SECOND
    await town.platform.say("o1", "慢")
    await town.platform.push("o1", {"MsgType": "image", "MediaId": "m1", "PicUrl": "x"})
    with pytest.raises(NotDelivered, match="no_right"):
        await tell(town, "o1", "在吗")
    assert not town.platform.calls


def test_what_an_account_lacks_is_said() -> None:
    assert not KINDS["service_verified"].missing()
    assert len(KINDS["subscription_unverified"].missing()) == 3
    assert KINDS["service_unverified"].menu
    assert not KINDS["subscription_verified"].templates


async def test_what_the_account_lacks_is_logged_at_start(open_town: OpenTown, caplog: pytest.LogCaptureFixture) -> None:
    await open_town(Account(kind="subscription", verified=False))
    assert caplog.text.count("WeChat account without") == 3
