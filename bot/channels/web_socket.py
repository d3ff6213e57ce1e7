"""The socket of the chat page: a room for each resident, so that all their tabs and devices see the same."""

from __future__ import annotations

import logging
from collections import Counter
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import urlsplit

from rasa.shared.core.trackers import DialogueStateTracker
from sanic import Sanic
from socketio import AsyncRedisManager, AsyncServer
from socketio.exceptions import ConnectionRefusedError as Refused

from bot.channels.intake import Intake
from bot.channels.web_delivery import PAGE, Delivery
from bot.channels.web_messages import buttons, inbound
from bot.channels.web_session import CHANNEL, COOKIE, WebSessions

logger = logging.getLogger(__name__)

PATH = "/chat/socket.io"
MOST_BYTES = 64 * 1024  # of one socket message; photos are uploaded
MOST_AT_ONCE = 5  # messages of one resident in work; the page itself sends one after the other


def make_server(public_url: str, redis_url: str) -> AsyncServer:
    """A socket server for the page's own origin; redis_url lets several Rasa servers share the rooms."""
    own = _origin(public_url)

    def same_origin(origin: str | None, environ: dict[str, Any]) -> bool:
        return origin is not None and (origin == own or urlsplit(origin).netloc == environ.get("HTTP_HOST"))

    return AsyncServer(
        async_mode="sanic",
        client_manager=AsyncRedisManager(redis_url, channel="web-chat") if redis_url else None,
        cors_allowed_origins=same_origin,
        max_http_buffer_size=MOST_BYTES,
        ping_interval=20,
        logger=False,
        engineio_logger=False,
    )


class ChatSocket:
    """What the page may ask for over the socket, and the answers."""

    def __init__(self, server: AsyncServer, sessions: WebSessions, delivery: Delivery, app: Sanic) -> None:
        self._server = server
        self._sessions = sessions
        self._delivery = delivery
        self._app = app
        self._in_work: Counter[str] = Counter()
        for event, handler in (
            ("connect", self.connect),
            ("sync", self.sync),
            ("earlier", self.earlier),
            ("say", self.say),
        ):
            server.on(event, handler)

    async def connect(self, sid: str, environ: dict[str, Any], auth: Any = None) -> None:
        """Only with a session that this server signed: in auth where embedded in another site, else in the cookie."""
        token = auth.get("token") if isinstance(auth, dict) else None
        session = self._sessions.read(token or _cookie(environ))
        if session is None:
            raise Refused("no session")
        await self._server.save_session(sid, {"sender_id": session.sender_id})
        await self._server.enter_room(sid, session.sender_id)

    async def sync(self, sid: str, after: Any = None) -> dict[str, Any]:
        """What was said after the last message that the page has; the latest page and a welcome when it has none."""
        sender_id = await self._sender(sid)
        known = after if isinstance(after, int) else None
        messages = await self._delivery.page(sender_id, after=known)
        welcome = None if messages or known is not None else await self._welcome(sender_id)
        return {"messages": messages, "more": len(messages) == PAGE, "welcome": welcome}

    async def earlier(self, sid: str, before: Any) -> dict[str, Any]:
        """The page of history before a message."""
        if not isinstance(before, int):
            return {"messages": [], "more": False}
        messages = await self._delivery.page(await self._sender(sid), before=before)
        return {"messages": messages, "more": len(messages) == PAGE}

    async def say(self, sid: str, said: Any) -> dict[str, Any]:
        """Take a message; acknowledged when it is stored and answered. retry tells the page to send it again later."""
        sender_id = await self._sender(sid)
        try:
            message = inbound(said, sender_id, self._sessions)
        except ValueError as error:
            return {"ok": False, "retry": False, "error": str(error)}
        if self._in_work[sender_id] >= MOST_AT_ONCE:
            return {"ok": False, "retry": True, "error": "too many messages at once"}
        self._in_work[sender_id] += 1
        try:
            await self._delivery.typing(sender_id, True)
            intake: Intake = self._app.ctx.intake
            await intake.take(message)
            await self._delivery.push(sender_id)
        except Exception:  # the edge: the page keeps the message and sends it again
            logger.exception("message %s of %s was not taken", message.key, sender_id)
            return {"ok": False, "retry": True, "error": "not taken"}
        finally:
            self._in_work[sender_id] -= 1
            if not self._in_work[sender_id]:
                del self._in_work[sender_id]
                await self._delivery.typing(sender_id, False)
        return {"ok": True}

    async def _sender(self, sid: str) -> str:
        session = await self._server.get_session(sid)
        return str(session["sender_id"])

    async def _welcome(self, sender_id: str) -> dict[str, Any] | None:
        """The bot's first words, for a page without history; they are not said before the resident has spoken."""
        nobody = DialogueStateTracker.from_events(sender_id, [])
        words = await self._app.ctx.agent.nlg.generate("utter_introduce", nobody, CHANNEL, greeting="您好")
        return {"text": words["text"], "buttons": buttons(words.get("buttons"))} if words else None


def _cookie(environ: dict[str, Any]) -> str | None:
    try:
        found = SimpleCookie(environ.get("HTTP_COOKIE", "")).get(COOKIE)
    except CookieError:
        return None
    return found.value if found else None


def _origin(url: str) -> str | None:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else None
