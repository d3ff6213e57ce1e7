"""The loops of the dispatcher."""

from __future__ import annotations

import asyncio

from bot.dispatcher.process import repeat


async def test_failure_does_not_end_the_loop() -> None:
    stopping = asyncio.Event()
    calls = 0

    async def work() -> None:
        nonlocal calls
        calls += 1
        if calls == 3:
            stopping.set()
        raise RuntimeError("the database restarts")

    await asyncio.wait_for(repeat(work, 0.001, stopping), 5)
    assert calls == 3


async def test_stopping_does_not_wait_for_the_next_turn() -> None:
    stopping = asyncio.Event()

    async def work() -> None:
        stopping.set()

    await asyncio.wait_for(repeat(work, 600, stopping), 5)
