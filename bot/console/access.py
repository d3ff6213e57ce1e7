"""Who may open what: one table of routes and roles, and the middleware that holds everybody to it."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from urllib.parse import urlencode

from sanic import Sanic
from sanic.exceptions import Forbidden
from sanic.request import Request
from sanic.response import HTTPResponse, empty, redirect

from bot.community import staff
from bot.community.clock import utcnow
from bot.community.staff_views import StaffView
from bot.console import sessions

PUBLIC: frozenset[str] = frozenset()
EVERYBODY = frozenset(staff.ROLES)
ADMIN = frozenset({"admin"})
DESK = frozenset({"operator", "counsellor", "admin"})
PSYCHOLOGY = frozenset({"counsellor", "admin"})
TICKETS = frozenset({"operator", "grid_worker", "admin"})
DISPATCH = frozenset({"operator", "admin"})
READING = frozenset({"operator", "counsellor", "reviewer", "admin"})

ROUTES: Mapping[str, frozenset[str]] = {
    "static": PUBLIC,
    "login.form": PUBLIC,
    "login.enter": PUBLIC,
    "api.healthz": PUBLIC,
    "api.metrics": PUBLIC,
    "api.triage": PUBLIC,  # has its own bearer token
    "login.leave": EVERYBODY,
    "login.password_form": EVERYBODY,
    "login.change_password": EVERYBODY,
    "home.index": EVERYBODY,
    "news.index": EVERYBODY,
    "news.badge": EVERYBODY,
    "news.seen": EVERYBODY,
    "catalogue.list_services": EVERYBODY,
    "catalogue.show_service": EVERYBODY,
    "catalogue.list_guides": EVERYBODY,
    "catalogue.show_guide": EVERYBODY,
    "photos.show": DESK | TICKETS,
    "conversations.index": READING,
    "conversations.show": READING,
    "conversations.new_messages": READING,
    "tickets.index": TICKETS,
    "tickets.show": TICKETS,
    "tickets.move": TICKETS,
    "tickets.assign": DISPATCH,
    "tickets.send_back": TICKETS,
    "desk.index": DESK,
    "desk.queue": DESK,
    "desk.show": DESK,
    "desk.take": DESK,
    "desk.reply": DESK,
    "desk.give_back": DESK,
    "desk.transfer": DESK,
    "desk.acknowledge": DESK,
    "desk.close_alarm": DESK,
    "desk.follow_up_done": DESK,
    "referrals.index": PSYCHOLOGY,
    "referrals.show": PSYCHOLOGY,
    "referrals.match": PSYCHOLOGY,
    "referrals.book": PSYCHOLOGY,
    "referrals.move": PSYCHOLOGY,
    "users.index": ADMIN,
    "users.add": ADMIN,
    "users.reset": ADMIN,
    "users.set_disabled": ADMIN,
}
"""Route: the roles that may use it. A route that is not named here is nobody's."""

BEFORE_NEW_PASSWORD = ("login.password_form", "login.change_password", "login.leave")
WITHOUT_CSRF = ("api.triage",)


def may(viewer: StaffView | None, route: str) -> bool:
    """Whether the role may use the route; for links and buttons."""
    return viewer is not None and viewer.role in ROUTES[route]


def route_name(request: Request) -> str:
    """The route as ROUTES names it: without the application's name."""
    return request.route.name.partition(".")[2]


def install(app: Sanic) -> None:
    """Let every request of the application pass through admit()."""
    app.register_middleware(admit, "request")


async def admit(request: Request) -> HTTPResponse | None:
    """Answer instead of the route when the request may not go on. Sets request.ctx.staff."""
    request.ctx.staff = None
    if request.route is None:  # there is no such page: Sanic asks the middleware nevertheless
        return None
    name = route_name(request)
    allowed = ROUTES.get(name, frozenset({"nobody"}))
    if allowed is not PUBLIC:
        request.ctx.staff = await _who(request)
        if request.ctx.staff is None:
            return _to_login(request)
        if request.ctx.staff.must_change and name not in BEFORE_NEW_PASSWORD:
            return _to("/password", request)
        if request.ctx.staff.role not in allowed:
            raise Forbidden("role")
    if request.method not in ("GET", "HEAD", "OPTIONS") and name not in WITHOUT_CSRF:
        _check_csrf(request)
    return None


async def _who(request: Request) -> StaffView | None:
    token = sessions.token(request)
    if token is None:
        return None
    found: StaffView | None = await request.app.ctx.database.read(staff.resolve_session, token, now=utcnow())
    return found


def _check_csrf(request: Request) -> None:
    given = request.headers.get("x-csrf-token") or (request.form or {}).get("csrf") or ""
    if not hmac.compare_digest(str(given).encode(), sessions.csrf(request).encode()):
        raise Forbidden("csrf")


def _to_login(request: Request) -> HTTPResponse:
    if request.method != "GET" or request.headers.get("hx-request"):
        return _to("/login", request)
    return _to("/login?" + urlencode({"next": request.path}) if request.path != "/" else "/login", request)


def _to(address: str, request: Request) -> HTTPResponse:
    """Lead the whole page there, also when only a part of it was asked for."""
    if request.headers.get("hx-request"):
        return empty(status=200, headers={"HX-Redirect": address})
    return redirect(address, status=303)
