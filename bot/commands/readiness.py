"""Waiting until servers answer."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import aiohttp

POLL_SECONDS = 0.2


async def when_ready(urls: Sequence[str]) -> None:
    """Return when each of the URLs has answered with 200."""
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as session:
        for url in urls:
            await _wait_for(session, url)


async def _wait_for(session: aiohttp.ClientSession, url: str) -> None:
    while not await _answers(session, url):  # noqa: ASYNC110 (another process's state: there is no event to await)
        await asyncio.sleep(POLL_SECONDS)


async def _answers(session: aiohttp.ClientSession, url: str) -> bool:
    try:
        async with session.get(url) as response:
            return response.status == 200
    except (aiohttp.ClientError, asyncio.TimeoutError):
        return False
