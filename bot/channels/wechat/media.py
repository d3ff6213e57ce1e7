"""Pictures and voices that residents send: fetched, made safe, kept."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

import aiohttp

from bot.channels.wechat.api import WeChatApi
from bot.channels.wechat.errors import WeChatError
from bot.community import photos
from bot.community.errors import InvalidValue

logger = logging.getLogger(__name__)

SPEECH_TIMEOUT = aiohttp.ClientTimeout(total=8)
LONGEST_TRANSCRIPT = 2000


class MediaStore:
    """Fetches media by id. speech_url: a service that takes audio by POST and answers {"text": …}; "" for none."""

    def __init__(self, api: WeChatApi | None, media_dir: Path, speech_url: str = "") -> None:
        self._api = api
        self._media_dir = media_dir
        self._speech_url = speech_url

    async def photo(self, media_id: str) -> str | None:
        """The id under which the picture is kept, or None when it could not be had."""
        if self._api is None:
            return None
        try:
            content, _ = await self._api.media(media_id)
            kept = await asyncio.to_thread(photos.store, self._media_dir, content, "wechat")
        except (WeChatError, InvalidValue) as error:
            logger.warning("a resident's picture was lost: %s", error)
            return None
        return kept.id

    async def transcript(self, media_id: str) -> str:
        """What a voice says by the speech service; "" when there is none or it heard nothing."""
        if self._api is None or not self._speech_url:
            return ""
        try:
            content, content_type = await self._api.media(media_id)
            return (await self._heard(content, content_type))[:LONGEST_TRANSCRIPT]
        except (WeChatError, aiohttp.ClientError, asyncio.TimeoutError, ValueError) as error:
            logger.warning("a resident's voice was not understood: %s", type(error).__name__)
            return ""

    async def _heard(self, content: bytes, content_type: str) -> str:
        headers = {"Content-Type": content_type}
        async with (
            aiohttp.ClientSession(timeout=SPEECH_TIMEOUT) as session,
            session.post(self._speech_url, data=content, headers=headers) as response,
        ):
            response.raise_for_status()
            answer = await response.json(content_type=None)
        return str(answer.get("text") or "").strip() if isinstance(answer, dict) else ""
