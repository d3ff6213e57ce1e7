"""Requests that the platform would not make."""

from __future__ import annotations

from collections.abc import Mapping

import aiohttp

from tests.channels.wechat.conftest import Town


async def get(town: Town, query: Mapping[str, str]) -> tuple[int, bytes]:
    async with aiohttp.ClientSession() as session, session.get(town.platform.callback, params=query) as response:
        return response.status, await response.read()


async def post(town: Town, query: Mapping[str, str], body: bytes) -> tuple[int, bytes]:
    async with (
        aiohttp.ClientSession() as session,
        session.post(town.platform.callback, params=query, data=body) as response,
    ):
        return response.status, await response.read()
