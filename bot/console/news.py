"""提醒: what has happened that concerns this person, with a silent badge."""

from __future__ import annotations

from datetime import datetime

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse
from sqlalchemy.orm import Session

from bot.community import handoff, notifications
from bot.community.clock import utcnow
from bot.community.notifications import NotificationView
from bot.community.staff_views import StaffView
from bot.console import access, sessions
from bot.console.headlines import TICKET_KINDS, is_pressing
from bot.console.pages import go, page

routes = Blueprint("news", url_prefix="/news")

LIMIT = 50
PSYCHOLOGY_KINDS = ("referral",)


@routes.get("")
async def index(request: Request) -> HTTPResponse:
    news = await request.app.ctx.database.read(_news, request.ctx.staff)
    news.sort(key=is_pressing, reverse=True)
    return page(request, "news.html", news=news, seen=sessions.seen(request, request.ctx.staff.id))


@routes.get("/badge")
async def badge(request: Request) -> HTTPResponse:
    """The counts beside the bell and the desk; asked for every few seconds."""
    viewer = request.ctx.staff
    news, waiting = await request.app.ctx.database.read(_counts, viewer)
    seen = sessions.seen(request, viewer.id)
    return page(request, "_badge.html", unseen=sum(item.id > seen for item in news), waiting=waiting)


@routes.post("/seen")
async def seen(request: Request) -> HTTPResponse:
    viewer = request.ctx.staff
    news = await request.app.ctx.database.run(_take_note, viewer, now=utcnow())
    response = go("/news", done="seen")
    if news:
        sessions.remember_seen(request, response, viewer.id, news[0].id)
    return response


def _news(session: Session, viewer: StaffView) -> list[NotificationView]:
    return [item for item in notifications.for_staff(session, viewer.id, limit=LIMIT) if _concerns(viewer, item)]


def _concerns(viewer: StaffView, item: NotificationView) -> bool:
    """News of rooms that the role may not enter is not for it."""
    if item.kind in PSYCHOLOGY_KINDS:
        return access.may(viewer, "referrals.show")
    if item.kind.startswith(TICKET_KINDS):
        return access.may(viewer, "tickets.show")
    return access.may(viewer, "desk.show")


def _counts(session: Session, viewer: StaffView) -> tuple[list[NotificationView], int]:
    communities = list(viewer.communities) or None
    waits = handoff.waiting(session, limit=100, community_ids=communities) if access.may(viewer, "desk.index") else []
    return _news(session, viewer), len(waits)


def _take_note(session: Session, viewer: StaffView, *, now: datetime) -> list[NotificationView]:
    """One's own news is done with; everybody's stays for the others, and this browser remembers having shown it."""
    news = _news(session, viewer)
    for item in news:
        if item.recipient == f"staff:{viewer.id}":
            notifications.delivered(session, item.id, now=now)
    return news
