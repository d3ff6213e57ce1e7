"""工单: the list, one ticket with its history, and what may be done with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse
from sqlalchemy.orm import Session

from bot.community import actors, places, staff, taxonomy, ticket_states, tickets
from bot.community.clock import utcnow
from bot.community.errors import CommunityError, InvalidValue, NotFound
from bot.community.staff_views import StaffView
from bot.community.tickets import TicketEventView, TicketFilters, TicketView
from bot.console import wording
from bot.console.forms import asked, day, field, number
from bot.console.pages import go, page

routes = Blueprint("tickets", url_prefix="/tickets")

PAGE = 30
NAMES = ("status", "kind", "category", "urgency", "community", "since", "until", "open", "mine")
HANDLER_ROLES = ("grid_worker", "operator", "admin")
NEEDS_REASON = (ticket_states.CANCELLED, ticket_states.REOPENED, ticket_states.RESOLVED)
NO_REASON = "请写明原因：这一步会通知居民。"
NO_HANDLER = "请选一位同事，或者填写处理人。"


@dataclass(frozen=True)
class Detail:
    """A ticket with all that its page shows; staff_names by staff id."""

    ticket: TicketView
    events: list[TicketEventView]
    staff_names: dict[int, str]
    handlers: list[StaffView]
    community: str


@routes.get("")
async def index(request: Request) -> HTTPResponse:
    query = {name: asked(request, name) for name in NAMES}
    before = number(asked(request, "before"))
    found, communities = await request.app.ctx.database.read(_list, request.ctx.staff, query, before)
    older = found[PAGE - 1].id if len(found) > PAGE else None
    return page(
        request,
        "tickets.html",
        tickets=found[:PAGE],
        communities=communities,
        older=older,
        before=before,
        query=query,
        statuses=ticket_states.STATUSES,
        categories=[each for each in taxonomy.categories() if each.domain != "psychology"],
    )


@routes.get("/<ticket_number:str>")
async def show(request: Request, ticket_number: str) -> HTTPResponse:
    return await _show(request, ticket_number)


@routes.post("/<ticket_number:str>/status")
async def move(request: Request, ticket_number: str) -> HTTPResponse:
    to, why = field(request, "to"), field(request, "why")
    if to in NEEDS_REASON and not why:
        return await _show(request, ticket_number, status=422, problem=NO_REASON)
    return await _change(request, ticket_number, "moved", tickets.change_status, to, why=why)


@routes.post("/<ticket_number:str>/assignee")
async def assign(request: Request, ticket_number: str) -> HTTPResponse:
    staff_id, name = number(field(request, "staff_id")), field(request, "assignee", 128)
    if staff_id is None and not name:
        return await _show(request, ticket_number, status=422, problem=NO_HANDLER)
    phone = field(request, "phone", 32) or None
    return await _change(request, ticket_number, "assigned", _assign, name, phone=phone, staff_id=staff_id)


@routes.post("/<ticket_number:str>/send_back")
async def send_back(request: Request, ticket_number: str) -> HTTPResponse:
    why = field(request, "why")
    if not why:
        return await _show(request, ticket_number, status=422, problem=NO_REASON)
    return await _change(request, ticket_number, "sent_back", tickets.send_back, why=why)


async def _change(
    request: Request, ticket_number: str, done: str, change: Callable[..., Any], *args: Any, **values: Any
) -> HTTPResponse:
    """Make a change of a ticket that the viewer may see, then show it; a refusal shows the ticket as it is now."""
    try:
        await request.app.ctx.database.run(
            _guarded, request.ctx.staff, ticket_number, change, *args, now=utcnow(), **values
        )
    except NotFound:
        raise
    except CommunityError as error:
        return await _show(request, ticket_number, status=409, problem=wording.refusal(error))
    return go(f"/tickets/{ticket_number}", done=done)


async def _show(request: Request, ticket_number: str, *, status: int = 200, problem: str = "") -> HTTPResponse:
    detail = await request.app.ctx.database.read(_read, request.ctx.staff, ticket_number)
    moves = [to for to in ticket_states.STATUSES if to in ticket_states.MOVES[detail.ticket.status]]
    return page(
        request,
        "ticket.html",
        status=status,
        problem=problem,
        detail=detail,
        ticket=detail.ticket,
        moves=moves,
        needs_reason=NEEDS_REASON,
        may_send_back=detail.ticket.status in (ticket_states.DISPATCHED, ticket_states.IN_PROGRESS),
    )


def _list(
    session: Session, viewer: StaffView, query: dict[str, str], before: int | None
) -> tuple[list[TicketView], list[Any]]:
    own = list(viewer.communities) or None
    wanted = query["community"]
    within = [wanted] if wanted and (own is None or wanted in own) else own
    filters = TicketFilters(
        open_only=bool(query["open"]),
        status=query["status"] or None,
        kind=query["kind"] or None,
        category=query["category"] or None,
        urgency=query["urgency"] or None,
        community_ids=within,
        staff_id=viewer.id if query["mine"] else None,
        opened_since=day(query["since"]),
        opened_until=day(query["until"], after=True),
    )
    return tickets.list_tickets(session, filters, limit=PAGE + 1, before=before), places.communities(session)


def _read(session: Session, viewer: StaffView, ticket_number: str) -> Detail:
    ticket = _visible(session, viewer, ticket_number)
    people = staff.list_users(session)
    communities = {each.id: each.name for each in places.communities(session)}
    return Detail(
        ticket=ticket,
        events=tickets.events(session, ticket_number),
        staff_names={each.id: each.name for each in people},
        handlers=[each for each in people if each.role in HANDLER_ROLES and not each.disabled],
        community=communities.get(ticket.community_id or "", ""),
    )


def _visible(session: Session, viewer: StaffView, ticket_number: str) -> TicketView:
    """The ticket, when it belongs to the viewer's communities or to none. Raises NotFound."""
    ticket = tickets.get(session, ticket_number)
    if viewer.communities and ticket.community_id not in (None, *viewer.communities):
        raise NotFound("ticket", ticket_number)
    return ticket


def _guarded(
    session: Session, viewer: StaffView, ticket_number: str, change: Callable[..., Any], *args: Any, **values: Any
) -> None:
    _visible(session, viewer, ticket_number)
    change(session, ticket_number, *args, actor=actors.staff(viewer.id), **values)


def _assign(session: Session, ticket_number: str, name: str, *, staff_id: int | None, **values: Any) -> TicketView:
    """A colleague goes by their own name unless another handler is named."""
    if staff_id is not None:
        colleague = staff.get(session, staff_id)
        if colleague.disabled or colleague.role not in HANDLER_ROLES:
            raise InvalidValue("staff_id", staff_id, "not_a_handler")
        name = name or colleague.name
    return tickets.assign(session, ticket_number, assignee=name, staff_id=staff_id, **values)
