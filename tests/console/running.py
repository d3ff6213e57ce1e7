"""The console in a thread of its own on a free port, as a browser or an HTTP client meets it."""

from __future__ import annotations

import asyncio
import socket
import threading
from typing import Any

from sanic import Sanic


class Running:
    """A Sanic application that is being served; `with Running(app) as url`."""

    def __init__(self, app: Sanic) -> None:
        self._app = app
        Sanic.test_mode = True  # Sanic 21.12 rewrites its own methods at a start; so it may do so more than once
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._stop = asyncio.Event()
        self._socket = socket.socket()
        self._socket.bind(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> str:
        self._thread.start()
        assert self._ready.wait(20), "the application did not start"
        return self.url

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(20)
        self._loop.close()

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._life())

    async def _life(self) -> None:
        server: Any = await self._app.create_server(sock=self._socket, return_asyncio_server=True, access_log=False)
        await server.startup()
        await server.before_start()
        await server.after_start()
        self._ready.set()
        await self._stop.wait()
        await server.before_stop()
        await server.close()
        for connection in list(server.connections):
            connection.abort()
        await asyncio.sleep(0)
        await server.after_stop()
