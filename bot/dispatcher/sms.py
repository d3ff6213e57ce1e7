"""Text messages to phones: through an office's gateway, or into the log where there is none."""

from __future__ import annotations

import asyncio
import logging
from typing import Protocol

import aiohttp

logger = logging.getLogger(__name__)


class SmsNotSent(Exception):
    """The gateway did not take the message."""


class SmsSender(Protocol):
    """Sends a text to a phone. Raises SmsNotSent. A repeated key is the same message."""

    async def send(self, phone: str, text: str, *, key: str) -> None: ...


class LoggedSms:
    """For development: what would be sent stands in the log."""

    async def send(self, phone: str, text: str, *, key: str) -> None:
        logger.warning("no SMS_URL is set; to %s: %s", phone, text)


class GatewaySms:
    """Posts {"phone", "text", "key"} to a gateway, with a bearer token; any 2xx answer means taken."""

    def __init__(self, session: aiohttp.ClientSession, url: str, token: str) -> None:
        self._session = session
        self._url = url
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}

    async def send(self, phone: str, text: str, *, key: str) -> None:
        body = {"phone": phone, "text": text, "key": key}
        try:
            async with self._session.post(self._url, json=body, headers=self._headers) as response:
                if not response.ok:
                    raise SmsNotSent(f"the gateway answered {response.status}")
        except (aiohttp.ClientError, asyncio.TimeoutError) as error:
            raise SmsNotSent(f"the gateway could not be reached: {error!r}") from error
