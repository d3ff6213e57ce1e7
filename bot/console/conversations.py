"""会话: every conversation as the resident saw it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, empty
from sqlalchemy.orm import Session

from bot.community import confidential, conversations
from bot.community.conversations import SessionFilters, SessionView
from bot.community.staff_views import StaffView
from bot.console import reading
from bot.console.forms import asked, day, number
from bot.console.pages import page

routes = Blueprint("conversations", url_prefix="/conversations")

PAGE = 30
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
NAMES = ("channel", "state", "careful", "since", "until", "text", "sender")


@dataclass(frozen=True)
class Listing:
    """A page of the list; older: the cursor of the next page, empty on the last."""

    sessions: list[SessionView]
    previews: dict[int, str]
    older: str


@routes.get("")
async def index(request: Request) -> HTTPResponse:
    query = {name: asked(request, name) for name in NAMES}
    listing = await request.app.ctx.database.read(_list, request.ctx.staff, query, asked(request, "before"))
    return page(request, "conversations.html", listing=listing, query=query, before=asked(request, "before"))


@routes.get("/<session_id:int>")
async def show(request: Request, session_id: int) -> HTTPResponse:
    after = number(asked(request, "after")) or 0
    thread = await request.app.ctx.database.read(reading.read, request.ctx.staff, session_id, after=after)
    return page(request, "conversation.html", thread=thread, after=after)


@routes.get("/<session_id:int>/new")
async def new_messages(request: Request, session_id: int) -> HTTPResponse:
    """The lines after one, for a page that is open; nothing when there is nothing new."""
    after = number(asked(request, "after")) or 0
    thread = await request.app.ctx.database.read(reading.read, request.ctx.staff, session_id, after=after)
    if not any(not line.hidden for line in thread.lines):
        return empty(status=204)
    return page(request, "_new_lines.html", thread=thread)


def _list(session: Session, viewer: StaffView, query: dict[str, str], before: str) -> Listing:
    found = conversations.list_sessions(session, _filters(viewer, query), limit=PAGE + 1, before=_cursor(before))
    shown = found[:PAGE]
    older = _as_cursor(shown[-1]) if len(found) > PAGE else ""
    return Listing(shown, reading.previews(session, viewer, shown), older)


def _filters(viewer: StaffView, query: dict[str, str]) -> SessionFilters:
    return SessionFilters(
        sender_id=query["sender"] or None,
        community_ids=list(viewer.communities) or None,
        channel=query["channel"] or None,
        state=query["state"] or None,
        careful=True if query["careful"] else None,
        since=day(query["since"]),
        until=day(query["until"], after=True),
        text=query["text"] or None,
        confidential=viewer.role in confidential.READING_ROLES,
    )


def _cursor(text: str) -> tuple[datetime, int] | None:
    at, _, id = text.partition("_")
    try:
        return EPOCH + timedelta(microseconds=int(at)), int(id)
    except (ValueError, OverflowError):
        return None


def _as_cursor(last: SessionView) -> str:
    return f"{(last.last_message_at - EPOCH) // timedelta(microseconds=1)}_{last.id}"
