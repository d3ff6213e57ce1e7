"""Waiting until servers answer."""

from __future__ import annotations

import asyncio
import urllib.request
from collections.abc import Sequence

POLL_SECONDS = 0.2
ANSWER_SECONDS = 5


async def when_ready(urls: Sequence[str]) -> None:
    """Return when each of the URLs has answered with 200."""
    for url in urls:
        while not await asyncio.to_thread(_answers, url):  # noqa: ASYNC110 (another process's state: no event to await)
            await asyncio.sleep(POLL_SECONDS)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=ANSWER_SECONDS) as answer:  # noqa: S310 (our own address)
            return bool(answer.status == 200)
    except OSError:
        return False
