"""The web chat: the page at /chat, its socket, photos, and the widget that embeds it in any site."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from rasa.core.channels.channel import InputChannel, OutputChannel
from sanic import Blueprint, Sanic
from socketio import AsyncServer

from bot.channels.web_delivery import Delivery, WebOutput
from bot.channels.web_pages import ChatPages
from bot.channels.web_session import CHANNEL, WebSessions
from bot.channels.web_socket import PATH, ChatSocket, make_server
from bot.channels.web_transport import attach
from bot.community.database import Database


class WebChannel(InputChannel):
    """Residents in a browser, as web:<uuid>.

    secret signs the sessions. public_url is the https address residents use, or empty. redis_url is needed where
    several Rasa servers share the work.
    """

    def __init__(self, secret: str, database: Database, media_dir: Path, public_url: str, redis_url: str = "") -> None:
        self._sessions = WebSessions(secret, secure=public_url.startswith("https://"))
        self._server = make_server(public_url, redis_url)
        self._delivery = Delivery(self._server, database)
        self._pages = ChatPages(self._sessions, database, media_dir)

    @classmethod
    def name(cls) -> str:
        return CHANNEL

    def url_prefix(self) -> str:
        """Absolute: the page is at the root of the server, not under /webhooks."""
        return "/chat"

    def get_output_channel(self) -> OutputChannel:
        return WebOutput(self._delivery)

    def blueprint(self, on_new_message: Any) -> Blueprint:
        routes = _ChatBlueprint(self._server, self._sessions, self._delivery)
        self._pages.add_to(routes)
        return routes


class _ChatBlueprint(Blueprint):
    """A blueprint that also attaches the socket: socket.io wants the application itself."""

    def __init__(self, server: AsyncServer, sessions: WebSessions, delivery: Delivery) -> None:
        super().__init__("channel_web")
        self.ctx.parts = (server, sessions, delivery)

    def register(self, app: Sanic, options: dict[str, Any]) -> None:
        server, sessions, delivery = self.ctx.parts
        ChatSocket(server, sessions, delivery, app)
        attach(server, app, PATH)
        super().register(app, options)

        @app.before_server_stop
        async def hang_up(app: Sanic, loop: asyncio.AbstractEventLoop) -> None:
            await server.shutdown()
