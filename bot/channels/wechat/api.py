"""The server API of an Official Account on aiohttp: one token holder, bounded retries, no token in any log."""

from __future__ import annotations

import asyncio
import json
import logging
import random
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import aiohttp

from bot.channels.wechat.errors import ApiError, Reaction
from bot.channels.wechat.token import TokenHolder
from bot.community.clock import local, utcnow
from bot.community.database import Database

logger = logging.getLogger(__name__)

ATTEMPTS = 3
FIRST_DELAY_SECONDS = 0.3
TIMEOUT = aiohttp.ClientTimeout(total=6, connect=2)  # three attempts end before a late answer's lease does
LARGEST_MEDIA = 12 * 1024 * 1024


class WeChatApi:
    """Calls the platform.

    base: its address. stable: use stable_token (recommended), whose repeated call does not kill the token that others
    hold.
    """

    platform = "wechat"

    def __init__(self, app_id: str, secret: str, database: Database, *, base: str, stable: bool = True) -> None:
        self._app_id = app_id
        self._secret = secret
        self._base = base.rstrip("/")
        self._stable = stable
        self._token = TokenHolder(f"{self.platform}:{app_id}", database, self._fetch_token)
        self._session: aiohttp.ClientSession | None = None
        self._quota_ends: dict[str, datetime] = {}

    async def send_text(self, openid: str, text: str) -> None:
        """A customer-service message. Raises ApiError."""
        content = {"touser": openid, "msgtype": "text", "text": {"content": text}}
        await self.call("message/custom/send", content)

    async def send_template(self, openid: str, template_id: str, values: Mapping[str, str], *, key: str) -> None:
        """A service notice outside the sending window; key makes a repeat recognisable. Raises ApiError."""
        data = {name: {"value": value} for name, value in values.items()}
        content = {"touser": openid, "template_id": template_id, "data": data, "client_msg_id": key[:32]}
        await self.call("message/template/send", content)

    async def typing(self, openid: str) -> None:
        """Show that an answer is being written; whatever comes of it does not matter."""
        try:
            await self.call("message/custom/typing", {"touser": openid, "command": "Typing"}, attempts=1)
        except ApiError as error:
            logger.debug("typing: %s", error.code)

    async def create_menu(self, menu: Mapping[str, Any]) -> None:
        """Replace the menu below the chat. Raises ApiError."""
        await self.call("menu/create", menu)

    async def callback_addresses(self) -> list[str]:
        """The addresses that callbacks come from; they change, ask daily. Raises ApiError."""
        answer = await self.call("getcallbackip", None)
        return [str(address) for address in answer.get("ip_list", [])]

    async def media(self, media_id: str) -> tuple[bytes, str]:
        """An uploaded file and its content type. Raises ApiError, also for the JSON that comes with status 200."""
        found = await self._with_token("media/get", None, params={"media_id": media_id}, binary=True)
        return found["content"], found["content_type"]

    async def call(self, path: str, content: Mapping[str, Any] | None, *, attempts: int = ATTEMPTS) -> dict[str, Any]:
        """POST /cgi-bin/<path> (GET without content) and return the answer.

        A refused token is replaced once, a busy platform tried again with back-off. Raises ApiError.
        """
        if self._quota_ends.get(path, utcnow()) > utcnow():
            raise ApiError(path, 45009)
        try:
            return await patiently(lambda: self._with_token(path, content), attempts)
        except ApiError as error:
            if error.reaction is Reaction.TOMORROW:
                self._quota_ends[path] = self._quota_until(utcnow())
            raise

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()

    async def _with_token(self, path: str, content: Mapping[str, Any] | None, **how: Any) -> dict[str, Any]:
        token = await self._token.get()
        try:
            return await self._request(path, content, token, **how)
        except ApiError as error:
            if error.reaction is not Reaction.REFRESH:
                raise
        return await self._request(path, content, await self._token.replace(token), **how)

    async def _request(
        self,
        path: str,
        content: Mapping[str, Any] | None,
        token: str = "",
        *,
        params: Mapping[str, str] | None = None,
        binary: bool = False,
    ) -> dict[str, Any]:
        """One request; its URL holds the token, so no error of aiohttp may reach a log."""
        query = {**(params or {}), **({"access_token": token} if token else {})}
        body = json.dumps(content, ensure_ascii=False).encode() if content is not None else None
        method = "GET" if content is None else "POST"
        try:
            async with self._client().request(
                method,
                f"{self._base}/cgi-bin/{path}",
                params=query,
                data=body,
                headers={"Content-Type": "application/json; charset=utf-8"} if body is not None else None,
                allow_redirects=False,
            ) as response:
                received = await _limited(response, path)
                content_type = response.content_type
                if response.status != 200:
                    raise ApiError(path, None, f"HTTP {response.status}")
        except (aiohttp.ClientError, asyncio.TimeoutError) as error:
            raise ApiError(path, None, type(error).__name__) from None
        if binary and content_type not in ("application/json", "text/plain"):
            return {"content": received, "content_type": content_type}
        return _checked(path, received)

    async def _fetch_token(self, force: bool) -> tuple[str, int]:
        given = {"grant_type": "client_credential", "appid": self._app_id, "secret": self._secret}
        if self._stable:
            answer = await patiently(lambda: self._request("stable_token", {**given, "force_refresh": force}))
        else:
            answer = await patiently(lambda: self._request("token", None, params=given))
        return str(answer.get("access_token", "")), int(answer.get("expires_in", 0))

    def _quota_until(self, now: datetime) -> datetime:
        """When the day's quotas begin anew: midnight in Shanghai."""
        return (local(now) + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)

    def _client(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=TIMEOUT)
        return self._session


async def patiently(request: Callable[[], Awaitable[dict[str, Any]]], attempts: int = ATTEMPTS) -> dict[str, Any]:
    """The request's answer; a busy platform is asked again, ever later."""
    for attempt in range(1, attempts):
        try:
            return await request()
        except ApiError as error:
            if error.reaction is not Reaction.RETRY:
                raise
        await asyncio.sleep(FIRST_DELAY_SECONDS * 2**attempt * random.uniform(0.5, 1.5))  # noqa: S311 (jitter)
    return await request()


async def _limited(response: aiohttp.ClientResponse, path: str) -> bytes:
    received = bytearray()
    async for chunk in response.content.iter_chunked(64 * 1024):
        received += chunk
        if len(received) > LARGEST_MEDIA:
            raise ApiError(path, 40006, "answer too large")
    return bytes(received)


def _checked(path: str, received: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(received.decode("utf-8", "replace"), strict=False)
    except ValueError:
        raise ApiError(path, None, "no JSON in the answer") from None
    if not isinstance(answer, dict):
        raise ApiError(path, None, "no object in the answer")
    code = answer.get("errcode") or 0
    if code:
        raise ApiError(path, int(code), str(answer.get("errmsg", ""))[:100])
    return answer
