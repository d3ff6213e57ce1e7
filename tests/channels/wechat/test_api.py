"""Sections 4.1 and 4.2: tokens and error codes."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.channels.wechat import api as api_module
from bot.channels.wechat.api import WeChatApi
from bot.channels.wechat.errors import ApiError, Reaction
from bot.community.database import Database
from tests.channels.wechat.platform import Account, Platform

SEND = "message/custom/send"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api_module, "FIRST_DELAY_SECONDS", 0.01)


@pytest.fixture
async def platform() -> AsyncIterator[Platform]:
    async with Platform("", Account()) as platform:
        for number in range(100):
            platform._contact(f"o{number}", {"MsgType": "text"})
        yield platform


@pytest.fixture
def database(tmp_path: Path) -> Database:
    database = Database(f"sqlite:///{tmp_path / 'tokens.db'}", synchronous="OFF")
    database.create_all()
    return database


@pytest.fixture
async def api(platform: Platform, database: Database) -> AsyncIterator[WeChatApi]:
    api = an_api(platform, database)
    yield api
    await api.close()


def an_api(platform: Platform, database: Database, *, stable: bool = True) -> WeChatApi:
    account = platform.account
    return WeChatApi(account.app_id, account.secret, database, base=platform.api_base, stable=stable)


def paths(platform: Platform) -> list[str]:
    return [path for path, _ in platform.calls]


async def test_token_is_fetched_once_and_kept(api: WeChatApi, platform: Platform) -> None:
    for number in range(3):
        await api.send_text(f"o{number}", "你好")
    assert paths(platform) == ["stable_token", SEND, SEND, SEND]


async def test_twenty_residents_at_token_loss_share_one_refresh(api: WeChatApi, platform: Platform) -> None:
    await api.send_text("o0", "你好")
    platform.lose_tokens()
    platform.api_delay = 0.02
    await asyncio.gather(*(api.send_text(f"o{number}", f"给{number}") for number in range(20)))
    assert platform.refreshes == 2
    assert paths(platform).count("stable_token") == 2
    assert [platform.screens[f"o{number}"][-1] for number in range(20)] == [f"给{number}" for number in range(20)]


async def test_twenty_residents_before_the_first_token_share_one_fetch(api: WeChatApi, platform: Platform) -> None:
    await asyncio.gather(*(api.send_text(f"o{number}", "你好") for number in range(20)))
    assert paths(platform).count("stable_token") == 1


@pytest.mark.parametrize("stable", [True, False])
async def test_processes_share_one_token(platform: Platform, database: Database, stable: bool) -> None:
    """With the classic token each fetch kills the other's token: one holder, one fetch at a time."""
    platform.api_delay = 0.02
    others = [an_api(platform, Database(database.url, synchronous="OFF"), stable=stable) for _ in range(4)]
    await asyncio.gather(*(other.send_text(f"o{n}", "你好") for n in range(20) for other in others[n % 4 : n % 4 + 1]))
    assert platform.refreshes == 1
    platform.lose_tokens()
    await asyncio.gather(*(other.send_text(f"o{n}", "再见") for n in range(20) for other in others[n % 4 : n % 4 + 1]))
    assert platform.refreshes == 2
    for other in others:
        await other.close()


@pytest.mark.parametrize("code", [40001, 40014, 42001])
async def test_refused_token_is_replaced_and_the_call_repeated_once(
    api: WeChatApi, platform: Platform, code: int
) -> None:
    await api.send_text("o1", "你好")
    platform.faults[SEND] = [code]
    platform.calls.clear()
    await api.send_text("o1", "再见")
    assert paths(platform)[0] == paths(platform)[-1] == SEND
    assert platform.screens["o1"] == ["你好", "再见"]


async def test_token_that_only_the_token_interface_believes_in_is_forced_anew(
    api: WeChatApi, platform: Platform
) -> None:
    """stable_token gives the same token again until its end: only then the refresh is forced."""
    await api.send_text("o1", "你好")
    platform.faults[SEND] = [40001]
    await api.send_text("o1", "再见")
    forced = [content.get("force_refresh") for path, content in platform.calls if path == "stable_token"]
    assert forced == [False, False, True]


async def test_second_refusal_ends_it(api: WeChatApi, platform: Platform) -> None:
    platform.faults[SEND] = [40001, 40001]
    with pytest.raises(ApiError) as refused:
        await api.send_text("o1", "你好")
    assert refused.value.reaction is Reaction.REFRESH
    assert paths(platform).count(SEND) == 2


async def test_token_is_replaced_before_its_end(api: WeChatApi, platform: Platform) -> None:
    await api.send_text("o1", "你好")
    holder = api._token
    holder._clock = lambda: api_module.utcnow() + api_module.timedelta(seconds=7000)
    platform.skipped = 7000
    await api.send_text("o1", "再见")
    assert platform.refreshes == 2
    assert platform.screens["o1"] == ["你好", "再见"]


async def test_token_of_512_characters_is_kept_whole(api: WeChatApi, platform: Platform) -> None:
    platform._current = "t" * 512
    platform.tokens[platform._current] = platform.now() + 7200
    await api.send_text("o1", "你好")
    assert platform.screens["o1"] == ["你好"]


@pytest.mark.parametrize("code", [-1, 45011, 502])
async def test_busy_platform_is_asked_three_times(api: WeChatApi, platform: Platform, code: int) -> None:
    platform.faults[SEND] = [code, code]
    await api.send_text("o1", "你好")
    assert platform.screens["o1"] == ["你好"]
    platform.faults[SEND] = [code] * 3
    with pytest.raises(ApiError):
        await api.send_text("o1", "再见")
    assert not platform.faults[SEND]


@pytest.mark.parametrize(
    ("code", "reaction"),
    [
        (40003, Reaction.GONE),
        (43004, Reaction.GONE),
        (43101, Reaction.GONE),
        (48002, Reaction.GONE),
        (40007, Reaction.UPLOAD_AGAIN),
        (40008, Reaction.BUG),
        (40033, Reaction.BUG),
        (41001, Reaction.BUG),
        (44002, Reaction.BUG),
        (44004, Reaction.BUG),
        (47001, Reaction.BUG),
        (40164, Reaction.OPERATOR),
        (48004, Reaction.OPERATOR),
        (50002, Reaction.OPERATOR),
        (40200, Reaction.FORBIDDEN),
        (48001, Reaction.FORBIDDEN),
        (45002, Reaction.SPLIT),
        (45008, Reaction.SPLIT),
        (45009, Reaction.TOMORROW),
        (45015, Reaction.CLOSED),
        (45047, Reaction.CLOSED),
        (45072, Reaction.IGNORE),
        (45080, Reaction.IGNORE),
        (45081, Reaction.IGNORE),
        (99999, Reaction.BUG),
    ],
)
async def test_error_code_is_not_retried_and_has_its_reaction(
    api: WeChatApi, platform: Platform, code: int, reaction: Reaction
) -> None:
    platform.faults[SEND] = [code]
    with pytest.raises(ApiError) as refused:
        await api.send_text("o1", "你好")
    assert refused.value.reaction is reaction
    assert paths(platform).count(SEND) == 1


async def test_used_up_quota_stops_calls_until_tomorrow(api: WeChatApi, platform: Platform) -> None:
    platform.faults[SEND] = [45009]
    for _ in range(2):
        with pytest.raises(ApiError):
            await api.send_text("o1", "你好")
    assert paths(platform).count(SEND) == 1


async def test_json_is_utf8_without_escapes(api: WeChatApi, platform: Platform) -> None:
    await api.send_text("o1", "水管漏了😀")
    assert platform.screens["o1"] == ["水管漏了😀"]


async def test_typing_failures_do_not_matter(api: WeChatApi, platform: Platform) -> None:
    for code in (45072, 45080, 45081, -1):
        platform.faults["message/custom/typing"] = [code]
        await api.typing("o1")


async def test_dead_platform_is_an_error_within_bounds(database: Database, platform: Platform) -> None:
    api = an_api(platform, database)
    api._base = "http://127.0.0.1:9"
    with pytest.raises(ApiError) as failed:
        await api.send_text("o1", "你好")
    assert failed.value.reaction is Reaction.RETRY
    await api.close()


async def test_failed_fetch_lets_the_next_one_try_at_once(api: WeChatApi, platform: Platform) -> None:
    platform.faults["stable_token"] = [40164]
    with pytest.raises(ApiError, match="whitelist"):
        await api.send_text("o1", "你好")
    await api.send_text("o1", "你好")
    assert platform.screens["o1"] == ["你好"]


async def test_secrets_and_tokens_are_never_logged(
    api: WeChatApi, platform: Platform, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await api.send_text("o1", "你好")
    for code in (40001, -1, 48001, 40164, 502):
        platform.faults[SEND] = [code]
        try:
            await api.send_text("o1", "再见")
        except ApiError as error:
            logging.getLogger("test").exception("%r", error)
    text = caplog.text
    assert platform.account.secret not in text
    assert not [token for token in platform.tokens if token in text]
    assert "access_token=" not in text


async def test_media_failure_is_json_with_status_200(api: WeChatApi, platform: Platform) -> None:
    with pytest.raises(ApiError) as missing:
        await api.media("unknown")
    assert missing.value.code == 40007
    platform.media["m1"] = (b"\xff\xd8", "image/jpeg")
    assert await api.media("m1") == (b"\xff\xd8", "image/jpeg")
