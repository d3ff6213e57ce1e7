"""The channel in a real Sanic server, before a fake bot, against the platform's local counterpart."""

from __future__ import annotations

import asyncio
import socket
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timezone
from functools import lru_cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sanic import Sanic
from sanic.touchup import TouchUp

from bot.channels.intake import Inbound
from bot.channels.wechat import WeChatChannel, from_settings
from bot.channels.wechat.receiving import CallbackChannel
from bot.community import conversations
from bot.community.database import Database
from bot.settings import Settings
from tests.channels.wechat.platform import Account, Platform

SECOND = 0.3  # of a platform's second, here


class FakeIntake:
    """Answers 「收到：…」 once per message, after `slow[text]` seconds; remembers like the real one, in the ledger."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.agent = SimpleNamespace(nlg=self)
        self.taken: list[Inbound] = []
        self.slow: dict[str, float] = {}
        self.says: dict[str, list[dict[str, Any]]] = {}
        self._locks: dict[str, asyncio.Lock] = {}

    async def take(self, inbound: Inbound) -> list[dict[str, Any]]:
        async with self._locks.setdefault(inbound.sender_id, asyncio.Lock()):
            now = datetime.now(timezone.utc)
            receipt = await self.database.run(
                conversations.receive, inbound.sender_id, inbound.key, inbound.text, now=now
            )
            if receipt.answered:
                return list(receipt.reply or [])
            self.taken.append(inbound)
            await asyncio.sleep(self.slow.get(inbound.text, 0))
            reply = self.says.get(inbound.text, [{"text": f"收到：{inbound.text}"}])
            await self.database.run(conversations.answered, inbound.sender_id, inbound.key, reply, now=now)
            return reply

    async def generate(self, name: str, tracker: Any, channel: str, **values: Any) -> dict[str, Any]:
        return {"text": f"〔{name}〕"}


@dataclass
class Town:
    """One running channel with everything around it."""

    platform: Platform
    channel: WeChatChannel
    intake: FakeIntake
    database: Database
    settings: Settings
    server: AsyncExitStack

    def screen(self, openid: str) -> list[str]:
        return self.platform.screens[openid]

    async def until(self, condition: Callable[[], bool], seconds: float = 10) -> None:
        """Wait for something that happens after the answer."""
        end = asyncio.get_running_loop().time() + seconds
        while not condition():
            assert asyncio.get_running_loop().time() < end, "it did not happen in time"
            await asyncio.sleep(0.02)


OpenTown = Callable[..., Awaitable[Town]]


@pytest.fixture
async def open_town(tmp_path: Path) -> AsyncIterator[OpenTown]:
    """open_town(account, second=…, **settings) starts a channel on a port of its own."""
    stack = AsyncExitStack()

    async def open_town(
        account: Account | None = None, *, second: float = SECOND, path: Path | None = None, **values: Any
    ) -> Town:
        account = account or Account()
        database = Database(f"sqlite:///{path or tmp_path / 'community.db'}", synchronous="OFF")
        database.create_all()
        stack.callback(database.dispose)
        platform = await stack.enter_async_context(Platform("", account, second=second))
        settings = Settings(
            _env_file=None,
            **{
                "wechat_token": account.token,
                "wechat_app_id": account.app_id,
                "wechat_app_secret": account.secret,
                "wechat_aes_key": "" if account.mode == "plain" else account.aes_key,
                "wechat_account_kind": f"{account.kind}_{'verified' if account.verified else 'unverified'}",
                "wechat_api_base": platform.api_base,
                "wechat_answer_seconds": 4.5 * second,
                "media_dir": tmp_path / "media",
                **values,
            },
        )
        channel = from_settings(settings, database)
        intake = FakeIntake(database)
        server = await stack.enter_async_context(AsyncExitStack())
        address = await server.enter_async_context(serving(channel, intake))
        platform.callback = f"{address}/webhooks/wechat/webhook"
        return Town(platform, channel, intake, database, settings, server)

    yield open_town
    await stack.aclose()


@asynccontextmanager
async def serving(channel: CallbackChannel, intake: FakeIntake) -> AsyncIterator[str]:
    """The channel in a Sanic server, as bot/runtime/server.py mounts it; gives its address."""
    app = Sanic(f"wechat_{uuid.uuid4().hex}", configure_logging=False)
    app.ctx.intake = intake
    app.blueprint(channel.blueprint(None), url_prefix=f"/webhooks/{channel.url_prefix()}")
    listener = socket.create_server(("127.0.0.1", 0))
    server = await app.create_server(sock=listener, return_asyncio_server=True, access_log=False)
    await server.startup()
    await server.before_start()
    await server.after_start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        await server.before_stop()
        await server.close()
        await server.after_stop()


@lru_cache(maxsize=1)
def _rewrite_sanic_once() -> None:
    """Sanic rewrites its own methods for the first application of a process and fails at the second."""
    with suppress(KeyError):  # another test's application was the first
        TouchUp.run(Sanic("wechat_touch_up", configure_logging=False))


@pytest.fixture(autouse=True)
def several_servers(monkeypatch: pytest.MonkeyPatch) -> None:
    _rewrite_sanic_once()
    monkeypatch.setattr("sanic.app.TouchUp", SimpleNamespace(run=lambda app: None))


@pytest.fixture
async def town(open_town: OpenTown) -> Town:
    """A verified service account in security mode."""
    return await open_town()
