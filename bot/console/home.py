"""The front door: everybody's own first room."""

from __future__ import annotations

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.console.access import may
from bot.console.pages import NAVIGATION, go

routes = Blueprint("home")


@routes.get("/")
async def index(request: Request) -> HTTPResponse:
    """The first room of the navigation that the role may enter."""
    return go(next(entry.address for entry in NAVIGATION if may(request.ctx.staff, entry.route)))
