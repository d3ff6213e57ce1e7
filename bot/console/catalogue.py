"""目录: services and guides as the bot tells them, to look up while talking to a resident."""

from __future__ import annotations

from datetime import datetime

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse
from sqlalchemy.orm import Session

from bot.community import catalogue, guides, places, taxonomy
from bot.community.catalogue import ServiceQuery, ServiceView
from bot.community.clock import utcnow
from bot.community.guides import GuideView
from bot.community.places import CommunityView
from bot.console.forms import asked, number
from bot.console.pages import page

routes = Blueprint("catalogue", url_prefix="/catalogue")

PAGE = 24


@routes.get("/services")
async def list_services(request: Request) -> HTTPResponse:
    query = {name: asked(request, name) for name in ("q", "category", "community")}
    start = number(asked(request, "start")) or 0
    found, more, communities = await request.app.ctx.database.read(_services, query, start, now=utcnow())
    return page(
        request,
        "services.html",
        services=found,
        query=query,
        start=start,
        next_start=start + PAGE if more else None,
        communities=communities,
        categories=taxonomy.categories(),
    )


@routes.get("/services/<service_id:str>")
async def show_service(request: Request, service_id: str) -> HTTPResponse:
    service = await request.app.ctx.database.read(catalogue.get, service_id, now=utcnow())
    return page(request, "service.html", service=service)


@routes.get("/guides")
async def list_guides(request: Request) -> HTTPResponse:
    query = {"q": asked(request, "q")}
    start = number(asked(request, "start")) or 0
    found, more = await request.app.ctx.database.read(_guides, query["q"], start, now=utcnow())
    return page(
        request, "guides.html", guides=found, query=query, start=start, next_start=start + PAGE if more else None
    )


@routes.get("/guides/<guide_id:str>")
async def show_guide(request: Request, guide_id: str) -> HTTPResponse:
    guide = await request.app.ctx.database.read(guides.get, guide_id)
    return page(request, "guide.html", guide=guide)


def _services(
    session: Session, query: dict[str, str], start: int, *, now: datetime
) -> tuple[list[ServiceView], bool, list[CommunityView]]:
    """A page of the services that fit, whether there are more, and the communities to choose from."""
    category = query["category"] if taxonomy.is_category(query["category"]) else None
    community = query["community"] or None
    if query["q"]:
        wish = ServiceQuery(query["q"], category, community)
        matches = catalogue.search(session, wish, now=now, limit=PAGE + 1, offset=start).matches
        found = [match.service for match in matches]
    else:
        found = catalogue.list_services(
            session, now=now, category=category, community_id=community, limit=PAGE + 1, offset=start
        )
    return found[:PAGE], len(found) > PAGE, places.communities(session)


def _guides(session: Session, text: str, start: int, *, now: datetime) -> tuple[list[GuideView], bool]:
    if not text:
        found = guides.list_guides(session, now=now, limit=PAGE + 1, offset=start)
        return found[:PAGE], len(found) > PAGE
    ids = [match.id for match in guides.search(session, text, limit=PAGE, now=now)]
    return guides.get_all(session, ids), False
