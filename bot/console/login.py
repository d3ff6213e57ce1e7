"""登录: logging in and out, and changing one's password."""

from __future__ import annotations

from datetime import datetime

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse
from sqlalchemy.orm import Session

from bot.community import staff
from bot.community.clock import utcnow
from bot.community.errors import InvalidValue, TooOften
from bot.console import sessions, wording
from bot.console.forms import asked, field, inside
from bot.console.pages import go, page, show_time

routes = Blueprint("login")

WRONG = "登录名或密码不对，请再试一次。忘了密码可以请管理员重置。"
SLOW_DOWN = "试错的次数有点多，为了账号安全先歇一会儿，{at} 以后再试；也可以请管理员重置密码。"
WRONG_CURRENT = "当前密码不对。"
SAME = "新密码不能和当前密码一样。"
DIFFERENT = "两次输入的新密码不一样。"
LONGEST = staff.LONGEST_PASSWORD + 1


@routes.get("/login")
async def form(request: Request) -> HTTPResponse:
    return page(request, "login.html", next=inside(asked(request, "next")), login="", problem="")


@routes.post("/login")
async def enter(request: Request) -> HTTPResponse:
    """Start a log-in of its own for this browser; a token it brought along is never taken over."""
    login, target = field(request, "login", 64), inside(field(request, "next", 200))
    database = request.app.ctx.database
    try:
        found = await database.run(
            staff.verify, login, _password(request, "password"), address=_address(request), now=utcnow()
        )
    except TooOften as error:
        return _refused(request, 429, SLOW_DOWN.format(at=show_time(error.again_at)), login, target)
    if found is None:
        return _refused(request, 401, WRONG, login, target)
    response = go("/password" if found.must_change else target)
    sessions.start(request, response, await database.run(staff.create_session, found.id, now=utcnow()))
    return response


@routes.post("/logout")
async def leave(request: Request) -> HTTPResponse:
    await request.app.ctx.database.run(staff.end_session, sessions.token(request))
    response = go("/login")
    sessions.drop(response)
    return response


@routes.get("/password")
async def password_form(request: Request) -> HTTPResponse:
    return page(request, "password.html", problem="")


@routes.post("/password")
async def change_password(request: Request) -> HTTPResponse:
    """Set one's own password; every other log-in of the account ends, this browser gets a new one."""
    current, new = _password(request, "current"), _password(request, "new")
    if new != _password(request, "again"):
        return page(request, "password.html", status=422, problem=DIFFERENT)
    if new == current:
        return page(request, "password.html", status=422, problem=SAME)
    viewer, database = request.ctx.staff, request.app.ctx.database
    try:
        checked = await database.run(staff.verify, viewer.login, current, address=_address(request), now=utcnow())
        if checked is None:
            return page(request, "password.html", status=422, problem=WRONG_CURRENT)
        token = await database.run(_renew, viewer.id, new, now=utcnow())
    except TooOften as error:
        return page(request, "password.html", status=429, problem=SLOW_DOWN.format(at=show_time(error.again_at)))
    except InvalidValue as error:
        return page(request, "password.html", status=422, problem=wording.refusal(error))
    response = go("/", done="password_changed")
    sessions.start(request, response, token)
    return response


def _renew(session: Session, staff_id: int, password: str, *, now: datetime) -> str:
    staff.change_password(session, staff_id, password, now=now)
    return staff.create_session(session, staff_id, now=now)


def _refused(request: Request, status: int, problem: str, login: str, target: str) -> HTTPResponse:
    return page(request, "login.html", status=status, next=target, login=login, problem=problem)


def _password(request: Request, name: str) -> str:
    """As typed: spaces belong to a password."""
    return str((request.form or {}).get(name) or "")[:LONGEST]


def _address(request: Request) -> str:
    return str(request.remote_addr or request.ip or "")
