"""Sections 7.1 and 7.2: the callback and the messages of a WeCom application."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import aiohttp
import pytest

from bot.channels.wechat import NotDelivered
from bot.channels.wecom import from_settings
from bot.community.database import Database
from bot.problems import Problem
from bot.settings import Settings
from tests.channels.wechat.conftest import SECOND, FakeIntake, serving, several_servers  # noqa: F401 (a fixture)
from tests.channels.wechat.platform import Account
from tests.channels.wecom.platform import AGENT, WeCom

SEND = "message/send"


class Office:
    """A running application with its counterpart."""

    def __init__(self, platform: WeCom, intake: FakeIntake, settings: Settings, database: Database) -> None:
        self.platform = platform
        self.intake = intake
        self.channel = from_settings(settings, database)

    async def tell(self, member: str, text: str) -> None:
        await self.channel.get_output_channel().send_response(f"wecom:{member}", {"text": text})


def settings_for(account: Account, **values: object) -> Settings:
    given = {
        "wecom_corp_id": account.app_id,
        "wecom_agent_id": str(AGENT),
        "wecom_secret": account.secret,
        "wecom_token": account.token,
        "wecom_aes_key": account.aes_key,
        "wechat_answer_seconds": 4.5 * SECOND,
        **values,
    }
    return Settings(_env_file=None, **given)


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with AsyncExitStack() as stack:
        account = Account(app_id="ww0123456789abcdef")
        database = Database(f"sqlite:///{tmp_path / 'office.db'}", synchronous="OFF")
        database.create_all()
        stack.callback(database.dispose)
        platform = await stack.enter_async_context(WeCom(account, second=SECOND))
        settings = settings_for(account, wecom_api_base=platform.api_base)
        office = Office(platform, FakeIntake(database), settings, database)
        address = await stack.enter_async_context(serving(office.channel, office.intake))
        platform.callback = f"{address}/webhooks/wecom/webhook"
        platform.members = {"grid01", "slow01"}
        yield office


async def knock(office: Office, query: dict[str, str]) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.get(office.platform.callback, params=query) as response:
        return response.status, await response.text()


async def test_verification_answers_the_decrypted_echostr_within_a_second(office: Office) -> None:
    echo = office.platform.encrypt("1616140317555161061")
    started = time.perf_counter()
    assert await knock(office, {**office.platform.query(echo), "echostr": echo}) == (200, "1616140317555161061")
    assert time.perf_counter() - started < 1


async def test_verification_with_wrong_signature_is_refused(office: Office) -> None:
    echo = office.platform.encrypt("1616140317555161061")
    status, _ = await knock(office, {**office.platform.query("other"), "echostr": echo})
    assert status == 403


async def test_message_for_another_company_is_refused(office: Office) -> None:
    echo = office.platform.encrypt("x", app_id="wwffffffffffffffff")
    status, _ = await knock(office, {**office.platform.query(echo), "echostr": echo})
    assert status == 403


async def test_message_is_answered_encrypted_and_under_the_members_id(office: Office) -> None:
    told = await office.platform.say("grid01", "今天有新工单吗")
    assert told.shown == "收到：今天有新工单吗"
    assert office.intake.taken[0].sender_id == "wecom:grid01"
    assert office.intake.taken[0].channel == "wecom"
    assert not office.platform.faults_seen


async def test_plain_body_is_refused(office: Office) -> None:
    query = office.platform.query("")
    body = "<xml><FromUserName>grid01</FromUserName><MsgType>text</MsgType><Content>x</Content></xml>"
    async with (
        aiohttp.ClientSession() as session,
        session.post(office.platform.callback, params=query, data=body) as response,
    ):
        assert response.status == 403
    assert not office.intake.taken


@pytest.mark.parametrize("event", ["subscribe", "unsubscribe", "enter_agent", "view", "LOCATION", "change_contact"])
async def test_other_events_get_an_empty_body(office: Office, event: str) -> None:
    told = await office.platform.event("grid01", event, EventKey="")
    assert told.bodies == [b""]
    assert not office.intake.taken


async def test_click_is_answered(office: Office) -> None:
    assert (await office.platform.event("grid01", "click", EventKey="progress")).shown == "收到：查进度"


async def test_repeated_message_is_answered_with_the_same_words(office: Office) -> None:
    assert (await office.platform.say("grid01", "你好", lose=2)).shown == "收到：你好"
    assert len(office.intake.taken) == 1


async def test_late_answer_comes_by_api(office: Office) -> None:
    office.intake.slow["慢"] = 6 * SECOND
    assert (await office.platform.say("slow01", "慢")).bodies == [b""]
    end = time.monotonic() + 10
    while not office.platform.screens["slow01"]:
        assert time.monotonic() < end
        await asyncio.sleep(0.05)
    assert office.platform.screens["slow01"] == ["收到：慢"]


async def test_buttons_are_text(office: Office) -> None:
    office.intake.says["你好"] = [{"text": "请选", "buttons": [{"title": "接单", "payload": "接单"}]}]
    assert (await office.platform.say("grid01", "你好")).shown == "请选\n\n回复「接单」"


async def test_member_is_written_to_at_any_time(office: Office) -> None:
    for number in range(8):
        await office.tell("grid01", f"新工单 {number}")
    assert len(office.platform.screens["grid01"]) == 8
    assert [path for path, _ in office.platform.calls].count("gettoken") == 1


async def test_unknown_member_is_not_delivered_for_good(office: Office) -> None:
    with pytest.raises(NotDelivered) as failed:
        await office.tell("stranger", "新工单")
    assert failed.value.permanent


@pytest.mark.parametrize("code", [40014, 42001])
async def test_refused_token_is_replaced(office: Office, code: int) -> None:
    await office.tell("grid01", "一")
    office.platform.lose_tokens()
    office.platform.faults[SEND] = [code]
    await office.tell("grid01", "二")
    assert office.platform.screens["grid01"] == ["一", "二"]
    assert office.platform.refreshes == 2


@pytest.mark.parametrize("code", [-1, 45033])
async def test_busy_platform_is_asked_again(office: Office, code: int) -> None:
    office.platform.faults[SEND] = [code]
    await office.tell("grid01", "一")
    assert office.platform.screens["grid01"] == ["一"]


@pytest.mark.parametrize("code", [60020, 301002])
async def test_what_an_operator_must_change_is_said(
    office: Office, code: int, caplog: pytest.LogCaptureFixture
) -> None:
    office.platform.faults[SEND] = [code]
    with pytest.raises(NotDelivered, match="platform"):
        await office.tell("grid01", "一")
    assert str(code) in caplog.text


def test_bad_settings_are_named(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'x.db'}")
    for name, value in (("wecom_agent_id", "agent"), ("wecom_aes_key", "short")):
        with pytest.raises(Problem, match=name.upper()):
            from_settings(settings_for(Account(), **{name: value}), database)
