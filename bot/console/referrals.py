"""转介: requests for a counsellor; every look at one is recorded by the core."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse
from sqlalchemy.orm import Session

from bot.community import people, referral_states, referrals, staff
from bot.community.clock import LOCAL, utcnow
from bot.community.errors import AlreadyTaken, CommunityError, NotFound
from bot.community.people import PersonView
from bot.community.referrals import Reader, ReferralEventView, ReferralView
from bot.console import wording
from bot.console.forms import asked, field, number
from bot.console.pages import go, page

routes = Blueprint("referrals", url_prefix="/referrals")

PAGE = 30
MOVED_HERE = (referral_states.ATTENDED, referral_states.NO_SHOW, referral_states.CLOSED, referral_states.CANCELLED)
COUNSELLOR_ROLES = ("counsellor", "social_worker")
NO_COUNSELLOR = "请先选一位心理服务人员。"
NO_TIME = "请选好预约的日期和时间。"
SLOT_TAKEN = "这位老师在这个时间已有预约，请换一个时间。"
DURATIONS = (30, 60, 90)


@dataclass(frozen=True)
class Detail:
    """A referral with its history, who looked at it, and who could take it."""

    referral: ReferralView
    events: list[ReferralEventView]
    reads: list[tuple[int, str, datetime]]
    names: dict[int, str]
    counsellors: list[PersonView]


@routes.get("")
async def index(request: Request) -> HTTPResponse:
    status = asked(request, "status")
    before = number(asked(request, "before"))
    found = await request.app.ctx.database.run(
        referrals.list_for, _reader(request), now=utcnow(), status=status or None, limit=PAGE, before=before
    )
    older = found[-1].id if len(found) == PAGE else None
    return page(request, "referrals.html", referrals=found, older=older, before=before, query={"status": status})


@routes.get("/<referral_number:str>")
async def show(request: Request, referral_number: str) -> HTTPResponse:
    return await _show(request, referral_number)


@routes.post("/<referral_number:str>/counsellor")
async def match(request: Request, referral_number: str) -> HTTPResponse:
    counsellor_id = field(request, "counsellor_id", 64)
    if not counsellor_id:
        return await _show(request, referral_number, status=422, problem=NO_COUNSELLOR)
    return await _change(request, referral_number, referrals.match, counsellor_id=counsellor_id)


@routes.post("/<referral_number:str>/booking")
async def book(request: Request, referral_number: str) -> HTTPResponse:
    starts_at, minutes = _moment(field(request, "starts_at", 20)), number(field(request, "minutes", 4))
    if starts_at is None or minutes is None:
        return await _show(request, referral_number, status=422, problem=NO_TIME)
    return await _change(request, referral_number, referrals.book, starts_at=starts_at, minutes=minutes)


@routes.post("/<referral_number:str>/status")
async def move(request: Request, referral_number: str) -> HTTPResponse:
    to, why = field(request, "to", 16), field(request, "why", 500)
    return await _change(request, referral_number, referrals.change_status, to, why=why)


async def _change(
    request: Request, referral_number: str, change: Callable[..., Any], *args: Any, **values: Any
) -> HTTPResponse:
    try:
        await request.app.ctx.database.run(
            change, referral_number, *args, reader=_reader(request), now=utcnow(), **values
        )
    except NotFound:
        raise
    except AlreadyTaken:
        return await _show(request, referral_number, status=409, problem=SLOT_TAKEN)
    except CommunityError as error:
        return await _show(request, referral_number, status=409, problem=wording.refusal(error))
    return go(f"/referrals/{referral_number}", done="referral_changed")


async def _show(request: Request, referral_number: str, *, status: int = 200, problem: str = "") -> HTTPResponse:
    # A look is written down, hence run() and not read().
    detail = await request.app.ctx.database.run(_read, _reader(request), referral_number, now=utcnow())
    allowed = referral_states.MOVES[detail.referral.status]
    return page(
        request,
        "referral.html",
        status=status,
        problem=problem,
        detail=detail,
        referral=detail.referral,
        moves=[to for to in MOVED_HERE if to in allowed],
        may_match=referral_states.MATCHED in allowed,
        may_book=referral_states.BOOKED in allowed,
        durations=DURATIONS,
    )


def _read(session: Session, reader: Reader, referral_number: str, *, now: datetime) -> Detail:
    referral = referrals.get(session, referral_number, reader=reader, now=now)
    return Detail(
        referral=referral,
        events=referrals.events(session, referral_number),
        reads=referrals.reads(session, referral_number, limit=20),
        names={each.id: each.name for each in staff.list_users(session)},
        counsellors=[each for role in COUNSELLOR_ROLES for each in people.find(session, role=role, limit=50)],
    )


def _reader(request: Request) -> Reader:
    return Reader(request.ctx.staff.id, request.ctx.staff.role)


def _moment(text: str) -> datetime | None:
    """What a datetime-local field holds, as a moment in Shanghai."""
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%M").replace(tzinfo=LOCAL)
    except ValueError:
        return None
