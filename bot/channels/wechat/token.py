"""The account's access token: one for all processes, fetched by one of them at a time."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from bot.channels.wechat.errors import ApiError
from bot.community import channel_tokens
from bot.community.channel_tokens import TokenView
from bot.community.clock import utcnow
from bot.community.database import Database

logger = logging.getLogger(__name__)

SPARE = timedelta(minutes=5)
"""So long before its end a token is replaced; the platform gives a new one from then on and honours both."""
POLL_SECONDS = 0.1

Fetch = Callable[[bool], Awaitable[tuple[str, int]]]
"""fetch(force) asks the platform for a token and its life in seconds."""


class TokenHolder:
    """Gives the token out and replaces a refused one exactly once, however many calls it failed."""

    def __init__(self, name: str, database: Database, fetch: Fetch, clock: Callable[[], datetime] = utcnow) -> None:
        self._name = name
        self._database = database
        self._fetch = fetch
        self._clock = clock
        self._lock = asyncio.Lock()
        self._known: TokenView | None = None

    async def get(self) -> str:
        """A token that is good as far as we know. Raises ApiError."""
        known = self._known
        if known is not None and known.expires_at > self._clock():
            return known.value
        async with self._lock:
            self._known = await self._shared()
            return self._known.value

    async def replace(self, refused: str) -> str:
        """Another token than the one that the platform refused. Raises ApiError."""
        async with self._lock:
            if self._known is None or self._known.value == refused:
                await self._database.run(channel_tokens.spoil, self._name, refused, now=self._clock())
                self._known = await self._shared(refused)
            return self._known.value

    async def _shared(self, refused: str = "") -> TokenView:
        """The token of all processes, fetched by us when nobody else is at it."""
        while True:
            now = self._clock()
            found = await self._database.read(channel_tokens.current, self._name, now=now)
            if found is not None:
                return found
            if await self._database.run(channel_tokens.lease, self._name, now=now):
                return await self._fetched(refused)
            await asyncio.sleep(POLL_SECONDS)

    async def _fetched(self, refused: str) -> TokenView:
        try:
            value, seconds = await self._fetch(False)
            if value == refused:  # the platform believes in a token that its own interfaces refuse
                value, seconds = await self._fetch(True)
        except BaseException:
            await asyncio.shield(self._database.run(channel_tokens.release, self._name))
            raise
        if not value:
            await self._database.run(channel_tokens.release, self._name)
            raise ApiError("token", None, "no token in the answer")
        life = max(timedelta(seconds=seconds) - SPARE, timedelta(seconds=seconds) / 2)
        token = TokenView(value, self._clock() + life)
        await self._database.run(channel_tokens.store, self._name, value, expires_at=token.expires_at)
        logger.info("a new access token of %s is good until %s", self._name, token.expires_at.isoformat())
        return token
