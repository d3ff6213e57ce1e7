"""The custom actions as a server of their own, for an office that runs them apart from the Rasa server.

Speaks Rasa's action protocol as rasa_sdk's server does, with a bearer token and without its Python-wide settings.
"""

from __future__ import annotations

import hmac

from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection, ActionNotFoundException
from sanic import Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot import settings
from bot.runtime import logs
from bot.runtime.action_executor import ApologisingExecutor
from bot.runtime.listening import BACKLOG, listen

REQUEST_MAX_BYTES = 16 * 1024 * 1024
GRACE_SECONDS = 3.0
OPEN_PATHS = ("/healthz",)


def run() -> None:
    """Serve until SIGTERM or SIGINT. Raises Problem."""
    config = settings.load()
    logs.configure()
    listener = listen(config.bind_host, config.actions_port, "ACTIONS_PORT")
    executor = ApologisingExecutor()
    executor.register_package("actions")
    app = build_app(executor, config.bot_api_token.get_secret_value())
    app.run(sock=listener, backlog=BACKLOG, motd=False, access_log=False)


def build_app(executor: ActionExecutor, token: str, name: str = "action_server") -> Sanic:
    """The application around an executor that knows its actions."""
    app = Sanic(name, configure_logging=False)
    app.config.REQUEST_MAX_SIZE = REQUEST_MAX_BYTES
    app.config.GRACEFUL_SHUTDOWN_TIMEOUT = GRACE_SECONDS
    app.config.KEEP_ALIVE_TIMEOUT = 75

    @app.middleware("request")
    async def check_token(request: Request) -> HTTPResponse | None:
        given = request.headers.get("authorization", "").encode()
        if request.path in OPEN_PATHS or hmac.compare_digest(given, f"Bearer {token}".encode()):
            return None
        return response.json({"error": "the bearer token is missing or wrong"}, status=401)

    @app.get("/healthz")
    async def healthz(request: Request) -> HTTPResponse:
        return response.json({"status": "ok"})

    @app.post("/webhook")
    async def webhook(request: Request) -> HTTPResponse:
        call = request.json
        if not isinstance(call, dict):
            return response.json({"error": "the body must be an action call"}, status=400)
        return await _answer(executor, call)

    return app


async def _answer(executor: ActionExecutor, call: dict[str, object]) -> HTTPResponse:
    """What Rasa expects: 400 for a rejected action (a form's side question), 404 for one that is not here."""
    try:
        return response.json(await executor.run(call))
    except ActionExecutionRejection as error:
        return response.json({"error": error.message, "action_name": error.action_name}, status=400)
    except ActionNotFoundException as error:
        return response.json({"error": error.message, "action_name": error.action_name}, status=404)
