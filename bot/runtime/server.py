"""The Rasa server: agent, stores, channels and API in one Sanic application, started by our own entry point.

`rasa run` imports the whole command line, training and plotting first; this starts 15 to 30 times sooner
(rasa-runtime.md).
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from urllib.parse import urljoin

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from rasa.core.agent import Agent
from rasa.core.channels.channel import InputChannel
from rasa.core.lock_store import LockStore
from rasa.core.tracker_store import TrackerStore
from rasa.utils.endpoints import EndpointConfig
from sanic import Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.intake import Intake
from bot.community.database import Database
from bot.runtime import api, logs
from bot.runtime.locks import InProcessLockStore, RedisLockStore
from bot.runtime.means import speed_up

REQUEST_MAX_BYTES = 12 * 1024 * 1024  # a phone's photo, not Sanic's default of 100 MB


def build_agent(model: Path, tracker_store: TrackerStore, lock_store: LockStore, actions: EndpointConfig) -> Agent:
    """An agent that is ready to talk.

    Rasa wraps the store so that a failing database goes unnoticed: the turn is kept in memory, or the conversation
    starts anew. Here the turn fails instead, and the resident is told.
    """
    agent = Agent.load(model, tracker_store=tracker_store, lock_store=lock_store, action_endpoint=actions)
    agent.tracker_store = agent.processor.tracker_store = tracker_store
    return agent


def lock_store(redis_url: str) -> LockStore:
    """Locks within one process, or across processes where there is a Redis."""
    return RedisLockStore(redis_url) if redis_url else InProcessLockStore()


def build_app(agent: Agent, database: Database, channels: list[InputChannel], token: str) -> Sanic:
    """The application, with every channel under /webhooks/<its prefix>, or at its prefix where that is absolute."""
    app = Sanic("resident_server", configure_logging=False)
    app.config.REQUEST_MAX_SIZE = REQUEST_MAX_BYTES
    app.config.KEEP_ALIVE_TIMEOUT = 75
    app.config.FALLBACK_ERROR_FORMAT = "json"
    app.ctx.agent = agent
    app.ctx.intake = Intake(agent, database)
    app.ctx.input_channels = channels

    async def on_new_message(message: object) -> None:
        raise NotImplementedError("channels hand their messages to app.ctx.intake")

    for channel in channels:
        # As Rasa does: an absolute prefix (the chat page's) is taken from the root of the server.
        app.blueprint(channel.blueprint(on_new_message), url_prefix=urljoin("/webhooks/", channel.url_prefix()))
    app.blueprint(api.blueprint(token))
    api.install_error_handler(app)

    @app.get("/")
    @app.get("/healthz")
    async def healthz(request: Request) -> HTTPResponse:
        return response.json({"status": "ok", "model": agent.model_name})

    @app.get("/metrics")
    async def metrics(request: Request) -> HTTPResponse:
        return response.raw(generate_latest(), content_type=CONTENT_TYPE_LATEST)

    @app.before_server_start
    async def fresh_connections(app: Sanic, loop: asyncio.AbstractEventLoop) -> None:
        # Workers are forked: connections of the parent must not be shared.
        database.engine.dispose()

    @app.after_server_stop
    async def finish(app: Sanic, loop: asyncio.AbstractEventLoop) -> None:
        await app.ctx.intake.finish()

    return app


def prepare(patches_off: str) -> None:
    """Logging and speed-ups; call before the agent is built."""
    logs.configure()
    speed_up(patches_off)
