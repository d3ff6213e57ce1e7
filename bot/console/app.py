"""The application: its parts put together, and nothing else."""

from __future__ import annotations

import asyncio
import uuid

from sanic import Sanic

from bot.community.database import Database
from bot.console import (
    access,
    api,
    catalogue,
    conversations,
    desk,
    errors,
    home,
    login,
    news,
    photos,
    referrals,
    security,
    tickets,
    users,
)
from bot.console.pages import STATIC
from bot.console.rasa_client import RasaClient
from bot.console.sessions import Signer
from bot.settings import Settings

REQUEST_MAX_BYTES = 1024 * 1024
ROOMS = (api, catalogue, conversations, desk, home, login, news, photos, referrals, tickets, users)


def build_app(settings: Settings, database: Database) -> Sanic:
    """The console on a database; talks to the Rasa server of the settings."""
    app = Sanic(f"console_{uuid.uuid4().hex}", configure_logging=False)
    app.config.REQUEST_MAX_SIZE = REQUEST_MAX_BYTES
    app.config.KEEP_ALIVE_TIMEOUT = 75
    if settings.console_proxies:
        app.config.PROXIES_COUNT = settings.console_proxies
    app.ctx.settings = settings
    app.ctx.database = database
    app.ctx.signer = Signer(settings.secret_key.get_secret_value())
    app.ctx.rasa = RasaClient(settings.local_rasa_url(), settings.bot_api_token.get_secret_value())
    app.static("/static", STATIC, name="static")
    for room in ROOMS:
        app.blueprint(room.routes)
    access.install(app)
    security.install(app)
    errors.install(app)

    @app.before_server_start
    async def open_client(app: Sanic, loop: asyncio.AbstractEventLoop) -> None:
        await app.ctx.rasa.open()

    @app.after_server_stop
    async def close_client(app: Sanic, loop: asyncio.AbstractEventLoop) -> None:
        await app.ctx.rasa.close()

    return app
