"""值守: alarms first, then those who wait; taking over, replying, giving back."""

from __future__ import annotations

import hashlib
import uuid
from typing import Any

from markupsafe import Markup
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, empty

from bot.community import crisis, handoff
from bot.community.clock import utcnow
from bot.community.errors import AlreadyTaken, CommunityError, NotAllowed, NotFound
from bot.console import desk_views, rasa_client, wording
from bot.console.forms import asked, field, number
from bot.console.pages import go, page, render
from bot.console.rasa_client import RasaUnavailable
from bot.console.replies import say_once

routes = Blueprint("desk", url_prefix="/desk")

LONGEST_REPLY = 2000
NO_WORDS = "还没有写内容。"
TAKEN_BY = "{name}已经先接了，可以看看其他等待的居民。"
ALARM_TAKEN_BY = "{name}已经负责这条警报。"


@routes.get("")
async def index(request: Request) -> HTTPResponse:
    return await _board(request)


@routes.get("/queue")
async def queue(request: Request) -> HTTPResponse:
    """The moving part of the desk, asked for every few seconds; nothing when it looks as the browser's does."""
    board = await request.app.ctx.database.read(desk_views.board, request.ctx.staff)
    shown = _shown(request, board)
    if shown["mark"] == asked(request, "seen"):
        return empty(status=204)
    return page(request, "_board.html", board=board, **shown)


@routes.get("/<session_id:int>")
async def show(request: Request, session_id: int) -> HTTPResponse:
    return await _show(request, session_id)


@routes.post("/<session_id:int>/take")
async def take(request: Request, session_id: int) -> HTTPResponse:
    """Take the conversation and answer for its alarm, then silence the bot."""
    viewer, database = request.ctx.staff, request.app.ctx.database
    try:
        taken = await database.run(desk_views.take, viewer, session_id, now=utcnow())
    except AlreadyTaken as error:
        name = await database.read(desk_views.name_of, error.by)
        return await _show(request, session_id, status=409, problem=TAKEN_BY.format(name=name))
    except NotFound:
        raise
    except CommunityError as error:
        return await _show(request, session_id, status=409, problem=wording.refusal(error))
    try:
        await request.app.ctx.rasa.append(taken.sender_id, [rasa_client.PAUSE])
    except RasaUnavailable:
        # The first reply carries the pause again, so the take-over stands; only the bot may still answer until then.
        return await _show(request, session_id, status=503, problem=wording.words()["pause_late"])
    return go(f"/desk/{session_id}", done="taken")


@routes.post("/<session_id:int>/reply")
async def reply(request: Request, session_id: int) -> HTTPResponse:
    """Say something to the resident; the form's key makes sure that it is said once."""
    text, key = field(request, "text", LONGEST_REPLY), field(request, "key", 64)
    if not text or not key:
        return await _reply_form(request, session_id, text=text, key=key, problem=NO_WORDS)
    try:
        conversation = await request.app.ctx.database.read(desk_views.own, request.ctx.staff, session_id)
    except NotAllowed as error:
        return await _reply_form(request, session_id, text=text, key=key, problem=wording.refusal(error), status=409)
    try:
        await say_once(request.app.ctx.rasa, conversation, request.ctx.staff, text, key)
    except RasaUnavailable:
        kept = wording.words()["reply_kept"]
        return await _reply_form(request, session_id, text=text, key=key, problem=kept, status=503)
    return await _reply_form(request, session_id, text="", key="")


@routes.post("/<session_id:int>/give_back")
async def give_back(request: Request, session_id: int) -> HTTPResponse:
    """Wake the bot, then note it: a resident must never be left with neither."""
    viewer, database = request.ctx.staff, request.app.ctx.database
    conversation = await database.read(desk_views.own, viewer, session_id)
    try:
        await request.app.ctx.rasa.append(conversation.sender_id, [rasa_client.RESUME])
    except RasaUnavailable:
        return await _show(request, session_id, status=503, problem=wording.words()["rasa_down"])
    await database.run(handoff.give_back, session_id, viewer.id, now=utcnow())
    return go("/desk", done="given_back")


@routes.post("/<session_id:int>/transfer")
async def transfer(request: Request, session_id: int) -> HTTPResponse:
    to = number(field(request, "to"))
    try:
        await request.app.ctx.database.run(desk_views.transfer, request.ctx.staff, session_id, to, now=utcnow())
    except NotFound:
        raise
    except CommunityError as error:
        return await _show(request, session_id, status=409, problem=wording.refusal(error))
    return go("/desk", done="transferred")


@routes.post("/alarms/<alarm_id:int>/acknowledge")
async def acknowledge(request: Request, alarm_id: int) -> HTTPResponse:
    """Answer for an alarm by name."""
    viewer, database = request.ctx.staff, request.app.ctx.database
    try:
        alarm = await database.run(crisis.acknowledge, alarm_id, viewer.id, now=utcnow())
    except AlreadyTaken as error:
        name = await database.read(desk_views.name_of, error.by)
        return await _board(request, ALARM_TAKEN_BY.format(name=name), status=409)
    return go(f"/desk/{alarm.session_id}", done="acknowledged")


@routes.post("/alarms/<alarm_id:int>/close")
async def close_alarm(request: Request, alarm_id: int) -> HTTPResponse:
    """End an alarm and the bot's careful manner; without Rasa both stay, which is the safe side."""
    outcome = field(request, "outcome")
    if outcome not in wording.words()["outcomes"]:
        return await _board(request, wording.words()["outcome_missing"], status=422)
    database = request.app.ctx.database
    alarm = await database.read(desk_views.closable, request.ctx.staff, alarm_id)
    try:
        await request.app.ctx.rasa.append(alarm.sender_id, [rasa_client.CAREFUL_MODE_OFF])
    except RasaUnavailable:
        return await _board(request, wording.words()["rasa_down"], status=503)
    await database.run(crisis.close, alarm_id, request.ctx.staff.id, outcome=outcome, now=utcnow())
    return go("/desk", done="alarm_closed")


@routes.post("/follow_ups/<task_id:int>/done")
async def follow_up_done(request: Request, task_id: int) -> HTTPResponse:
    await request.app.ctx.database.run(desk_views.follow_up_done, request.ctx.staff, task_id, now=utcnow())
    return go("/desk", done="follow_up_done")


async def _board(request: Request, problem: str = "", *, status: int = 200) -> HTTPResponse:
    board = await request.app.ctx.database.read(desk_views.board, request.ctx.staff)
    return page(request, "desk.html", status=status, board=board, problem=problem, **_shown(request, board))


def _shown(request: Request, board: desk_views.Board) -> dict[str, Any]:
    """The queue as HTML, and a mark that changes with it."""
    queue = render(request, "_queue.html", board=board)
    return {"queue": Markup(queue), "mark": hashlib.sha256(queue.encode()).hexdigest()[:16]}  # noqa: S704 (rendered)


async def _show(request: Request, session_id: int, *, status: int = 200, problem: str = "") -> HTTPResponse:
    view = await request.app.ctx.database.read(
        desk_views.conversation, request.ctx.staff, session_id, after=number(asked(request, "after")) or 0
    )
    return page(
        request, "desk_conversation.html", status=status, view=view, problem=problem, **_reply_values("", "", "")
    )


async def _reply_form(
    request: Request, session_id: int, *, text: str, key: str, problem: str = "", status: int = 200
) -> HTTPResponse:
    """The reply box anew; for a browser without htmx, the whole page."""
    values = _reply_values(text, key, problem)
    if request.headers.get("hx-request"):
        # htmx puts only answers of success in place, and a kept text has to be put in place.
        return page(request, "_reply.html", session_id=session_id, **values)
    if not problem:
        return go(f"/desk/{session_id}")
    view = await request.app.ctx.database.read(desk_views.conversation, request.ctx.staff, session_id)
    shown_apart = "" if view.is_mine else problem  # without a reply box it has no place of its own
    return page(request, "desk_conversation.html", status=status, view=view, problem=shown_apart, **values)


def _reply_values(text: str, key: str, problem: str) -> dict[str, Any]:
    return {"text": text, "key": key or uuid.uuid4().hex, "reply_problem": problem, "longest": LONGEST_REPLY}
