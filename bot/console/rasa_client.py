"""The Rasa server as the console uses it: events of a conversation, and understanding a text."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from typing import Any

import aiohttp
from yarl import URL

logger = logging.getLogger(__name__)

TIMEOUT_SECONDS = 10

Event = Mapping[str, Any]
PAUSE: Event = {"event": "pause"}
RESUME: Event = {"event": "resume"}
CAREFUL_MODE_OFF: Event = {"event": "slot", "name": "careful_mode", "value": False}


class RasaUnavailable(Exception):
    """The Rasa server could not be reached or did not do what was asked; why is in the log."""


def words(text: str, *, operator: str, key: str) -> Event:
    """What an operator says to a resident; the same key is said once, however often it is sent."""
    return {"event": "bot", "text": text, "metadata": {"operator": operator, "key": key}}


class RasaClient:
    """One HTTP session to one Rasa server; made by open(), ended by close()."""

    def __init__(self, url: str, token: str) -> None:
        self._url = URL(url)
        self._token = token
        self._session: aiohttp.ClientSession | None = None

    async def open(self) -> None:
        timeout = aiohttp.ClientTimeout(total=TIMEOUT_SECONDS, connect=3)
        headers = {"Authorization": f"Bearer {self._token}"}
        self._session = aiohttp.ClientSession(timeout=timeout, headers=headers)

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def append(self, sender_id: str, events: Sequence[Event]) -> None:
        """Add events that nobody is to hear to the resident's conversation. Raises RasaUnavailable."""
        await self._post(self._events_of(sender_id), list(events))

    async def say(self, sender_id: str, events: Sequence[Event]) -> None:
        """Add events and send the words among them through the channel that the resident is known by.

        Raises RasaUnavailable; then it is unknown whether they were added, and sending them again is safe.
        """
        # Not "latest": a resident whose first message failed has no latest channel, and does need an answer.
        channel = sender_id.partition(":")[0]
        query = {"output_channel": channel, "execute_side_effects": "true"}
        await self._post(self._events_of(sender_id).with_query(query), list(events))

    async def parse(self, text: str) -> dict[str, Any]:
        """What Rasa understands of a text; "triage" holds the triage object. Raises RasaUnavailable."""
        parsed = await self._post(self._url / "model" / "parse", {"text": text})
        if not isinstance(parsed, dict):
            raise RasaUnavailable("no object from /model/parse")
        return parsed

    def _events_of(self, sender_id: str) -> URL:
        return self._url / "conversations" / sender_id / "tracker" / "events"

    async def _post(self, url: URL, body: Any) -> Any:
        if self._session is None:
            raise RasaUnavailable("not opened")
        try:
            async with self._session.post(url, json=body) as answer:
                answer.raise_for_status()
                return await answer.json(content_type=None)
        except (aiohttp.ClientError, asyncio.TimeoutError, ValueError) as error:
            logger.warning("Rasa did not do what was asked: %r", error)
            raise RasaUnavailable(url.path) from error
