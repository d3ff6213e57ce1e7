"""A Sanic application of the product, served on a free port inside a test's event loop."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import lru_cache
from types import SimpleNamespace
from typing import Any
from unittest import mock

from sanic import Sanic
from sanic.touchup import TouchUp

from bot.runtime.listening import listen


@lru_cache(maxsize=1)
def _rewrite_sanic_once() -> None:
    """Sanic 21.12 rewrites its own methods when an application starts, and fails at a process's second one."""
    with suppress(KeyError):  # another test's application was the first
        TouchUp.run(Sanic("touch_up", configure_logging=False))


@asynccontextmanager
async def serving(app: Sanic) -> AsyncIterator[str]:
    """The URL at which the application answers."""
    listener = listen("127.0.0.1", 0, "RASA_PORT")
    _rewrite_sanic_once()
    with mock.patch("sanic.app.TouchUp", SimpleNamespace(run=lambda app: None)):
        server: Any = await app.create_server(sock=listener, return_asyncio_server=True, access_log=False)
        await server.startup()
        await server.before_start()
        await server.start_serving()
        await server.after_start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        await server.before_stop()
        await server.close()
        await server.after_stop()
        Sanic._app_registry.pop(app.name, None)
