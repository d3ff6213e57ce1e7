"""人员: the staff's accounts, for admins."""

from __future__ import annotations

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.community import actors, staff
from bot.community.clock import utcnow
from bot.community.errors import AlreadyTaken, InvalidValue
from bot.console import wording
from bot.console.forms import field
from bot.console.pages import go, page

routes = Blueprint("users", url_prefix="/users")

LOGIN_TAKEN = "登录名「{login}」已经有人用了，请换一个；如果是忘了密码，可以直接重置。"
NOT_ONESELF = "不能停用自己的账号。"


@routes.get("")
async def index(request: Request) -> HTTPResponse:
    return await _show(request)


@routes.post("")
async def add(request: Request) -> HTTPResponse:
    """Make an account and show its one-time password, once."""
    login, name, role = field(request, "login", 64), field(request, "name", 64), field(request, "role", 16)
    try:
        made = await request.app.ctx.database.run(staff.add_user, login, role, name=name or None, now=utcnow())
    except AlreadyTaken:
        return await _show(request, status=409, problem=LOGIN_TAKEN.format(login=login))
    except InvalidValue as error:
        return await _show(request, status=422, problem=wording.refusal(error))
    return await _show(request, secret=(made.staff.login, made.password or ""))


@routes.post("/<login:str>/reset")
async def reset(request: Request, login: str) -> HTTPResponse:
    """A new one-time password, shown once; ends the account's log-ins."""
    actor = actors.staff(request.ctx.staff.id)
    secret = await request.app.ctx.database.run(staff.reset_password, login, actor=actor, now=utcnow())
    return await _show(request, secret=(login, secret))


@routes.post("/<login:str>/disabled")
async def set_disabled(request: Request, login: str) -> HTTPResponse:
    disabled = field(request, "disabled") == "1"
    if disabled and login == request.ctx.staff.login:
        return await _show(request, status=409, problem=NOT_ONESELF)
    actor = actors.staff(request.ctx.staff.id)
    await request.app.ctx.database.run(staff.set_disabled, login, disabled, actor=actor, now=utcnow())
    return go("/users", done="disabled" if disabled else "enabled")


async def _show(
    request: Request, *, status: int = 200, problem: str = "", secret: tuple[str, str] | None = None
) -> HTTPResponse:
    people = await request.app.ctx.database.read(staff.list_users)
    return page(request, "users.html", status=status, problem=problem, secret=secret, people=people, roles=staff.ROLES)
