"""The part of Rasa's HTTP API that the product uses, with Rasa's paths and shapes: tracker, events, parse, model.

Every route needs the token. `rasa.server` itself is not imported: it pulls in training and plotting.
"""

from __future__ import annotations

import hmac
import logging
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity
from sanic import Blueprint, Sanic, response
from sanic.exceptions import InvalidUsage, SanicException, ServiceUnavailable
from sanic.request import Request
from sanic.response import HTTPResponse

logger = logging.getLogger(__name__)

REMEMBERED_KEYS = 10_000


def blueprint(token: str) -> Blueprint:
    """The API's routes, protected by the bearer token (or ?token=, as in Rasa)."""
    routes = Blueprint("rasa_api")

    @routes.listener("before_server_start")
    async def begin(app: Sanic, loop: object) -> None:
        app.ctx.sent_keys = {}

    @routes.middleware("request")
    async def check_token(request: Request) -> HTTPResponse | None:
        given = request.headers.get("authorization", "").removeprefix("Bearer ") or request.args.get("token", "")
        if hmac.compare_digest(given.encode(), token.encode()):
            return None
        return response.json({"status": "failure", "reason": "NotAuthenticated"}, status=HTTPStatus.UNAUTHORIZED)

    @routes.get("/status")
    async def status(request: Request) -> HTTPResponse:
        agent = request.app.ctx.agent
        return response.json({"model_file": agent.model_name, "model_id": agent.model_id})

    @routes.get("/conversations/<conversation_id:path>/tracker")
    async def tracker(request: Request, conversation_id: str) -> HTTPResponse:
        processor = request.app.ctx.agent.processor
        found = await processor.fetch_tracker_with_initial_session(unquote(conversation_id))
        return response.json(found.current_state(EventVerbosity.AFTER_RESTART))

    @routes.post("/conversations/<conversation_id:path>/tracker/events")
    async def append_events(request: Request, conversation_id: str) -> HTTPResponse:
        events = _events(request.json)
        found = await _append(request.app, unquote(conversation_id), events)
        if request.args.get("execute_side_effects", "").lower() == "true":
            await _send(request.app, found, events, request.args.get("output_channel"))
        return response.json(found.current_state(EventVerbosity.NONE))

    _add_model_routes(routes)
    return routes


def _add_model_routes(routes: Blueprint) -> None:
    @routes.post("/model/parse")
    async def parse(request: Request) -> HTTPResponse:
        text = (request.json or {}).get("text")
        if not isinstance(text, str):
            raise InvalidUsage("text is missing")
        return response.json(await request.app.ctx.agent.processor.parse_message(UserMessage(text)))

    @routes.put("/model")
    async def replace_model(request: Request) -> HTTPResponse:
        request.app.ctx.agent.load_model(_model_file(request.json or {}))
        return response.empty()


def _model_file(content: dict[str, Any]) -> Path:
    path = Path(content.get("model_file", ""))
    if not path.is_file():
        raise InvalidUsage("model_file is not a file")
    return path


async def _append(app: Sanic, conversation_id: str, events: list[Event]) -> DialogueStateTracker:
    """Store the events, except those that a caller who tried again had stored before; returns the tracker."""
    agent = app.ctx.agent
    async with agent.lock_store.lock(conversation_id):
        found = await agent.processor.fetch_tracker_with_initial_session(conversation_id)
        for event in events:
            if not _repeated(event, found):
                found.update(event, agent.domain)
        await agent.tracker_store.save(found)
    return found


async def _send(app: Sanic, tracker: DialogueStateTracker, events: list[Event], wanted: str | None) -> None:
    """Send the bot's words after they are stored, so that what the resident sees is in the log.

    A repeated event is sent again unless this process knows that its channel took it: the first try may have failed.
    Raises SanicException when there is no channel to the resident, or what the channel raises.
    """
    sent = app.ctx.sent_keys
    unsent = [event for event in events if _key(event) is None or (tracker.sender_id, _key(event)) not in sent]
    if not unsent:
        return
    output = output_channel(app, wanted, tracker)
    if output is None:
        raise SanicException("没有可以找到这位居民的渠道", status_code=HTTPStatus.FAILED_DEPENDENCY)
    await app.ctx.agent.processor.execute_side_effects(unsent, tracker, output)
    sent.update({(tracker.sender_id, _key(event)): None for event in unsent if _key(event)})
    while len(sent) > REMEMBERED_KEYS:
        del sent[next(iter(sent))]


def _events(content: Any) -> list[Event]:
    """The events of a request body. Raises InvalidUsage."""
    given = content if isinstance(content, list) else [content]
    events = [Event.from_parameters(item) for item in given if isinstance(item, dict)]
    found = [event for event in events if event]
    if not found:
        raise InvalidUsage("no valid event in the request body")
    return found


def _repeated(event: Event, tracker: DialogueStateTracker) -> bool:
    """Whether an event with the same metadata key is stored already: the caller tried again."""
    key = _key(event)
    return key is not None and any(_key(earlier) == key for earlier in tracker.events)


def _key(event: Event) -> str | None:
    return (event.metadata or {}).get("key")


def output_channel(app: Sanic, wanted: str | None, tracker: DialogueStateTracker) -> OutputChannel | None:
    """The output channel of that name, or the one the resident last wrote through ("latest")."""
    name = tracker.get_latest_input_channel() if wanted in (None, "latest") else wanted
    found = next((channel for channel in app.ctx.input_channels if channel.name() == name), None)
    if found is None:
        logger.warning("no channel %r to reach %s", name, tracker.sender_id)
        return None
    return found.get_output_channel()


def install_error_handler(app: Sanic) -> None:
    """Errors of a request as short JSON; the traceback goes to the log alone."""

    async def answer(request: Request, error: Exception) -> HTTPResponse:
        status = error.status_code if isinstance(error, SanicException) else HTTPStatus.INTERNAL_SERVER_ERROR
        if isinstance(error, ServiceUnavailable) and request.transport.is_closing():
            logger.info("%s %s: the caller hung up", request.method, request.path)
        elif status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            logger.exception("%s %s failed", request.method, request.path, exc_info=error)
            return response.json({"error": "服务暂时出了点问题，请稍后再试"}, status=status)
        return response.json({"error": str(error)}, status=status)

    app.error_handler.add(Exception, answer)
