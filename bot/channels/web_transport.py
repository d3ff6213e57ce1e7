"""socket.io on Sanic 21.12 and Python 3.11.

Sanic's own `recv()` hands a coroutine to asyncio.wait(), which Python 3.11 refuses, and after the end of a websocket
Sanic writes an HTTP response into it. Both are put right here.
"""

from __future__ import annotations

import asyncio
from typing import Any

from engineio.async_drivers.sanic import WebSocket
from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse
from socketio import AsyncServer


class Transport(WebSocket):
    """engine.io's view of one websocket."""

    async def wait(self) -> str | bytes:
        """The next message. Raises OSError when the other side is gone."""
        socket = self._sock
        if socket.connection.state.name != "OPEN":
            raise OSError("closed")
        message = asyncio.ensure_future(socket.assembler.get())
        closed = socket.recv_cancel = asyncio.get_running_loop().create_future()
        try:
            await asyncio.wait({message, closed}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            socket.recv_cancel = None
            closed.cancel()
            if not message.done():
                message.cancel()
        if message.cancelled() or not message.done() or not isinstance(message.result(), (str, bytes)):
            raise OSError("closed")
        return message.result()


def attach(server: AsyncServer, app: Sanic, path: str) -> None:
    """Serve socket.io at that path of the application."""
    server.eio._async = {**server.eio._async, "websocket": Transport}

    in_work: set[asyncio.Future[Any]] = set()

    async def handle(request: Request) -> HTTPResponse | None:
        protocol = request.transport.get_protocol()
        task = asyncio.ensure_future(server.handle_request(request))
        in_work.add(task)
        task.add_done_callback(in_work.discard)
        try:
            answer: HTTPResponse = await asyncio.shield(task)
        except asyncio.CancelledError:
            # Sanic cancels the handler of a connection that is lost; engine.io sees it too and cleans up by itself.
            if protocol.websocket is None:
                raise
        return None if protocol.websocket is not None else answer

    handle.is_websocket = True  # type: ignore[attr-defined]  # Sanic then takes no response for one
    app.add_route(handle, f"{path}/", methods=["GET", "POST", "OPTIONS"], name="chat_socket")
    app.enable_websocket()
