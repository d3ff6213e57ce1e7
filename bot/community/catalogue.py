"""The catalogue of services: find, show, and note what is wished for and missing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from bot.community import opening_hours, ranking, search_index, search_text, taxonomy, wishes
from bot.community.catalogue_views import SearchResult, ServiceMatch, ServiceQuery, ServiceView
from bot.community.clock import local_date
from bot.community.errors import NotFound
from bot.community.models.catalogue import Demand, Provider, Service
from bot.community.models.places import Community, Zone

__all__ = [
    "SearchResult",
    "ServiceMatch",
    "ServiceQuery",
    "ServiceView",
    "get",
    "list_services",
    "record_demand",
    "search",
]

MAX_CANDIDATES = 400


def search(session: Session, query: ServiceQuery, *, now: datetime, limit: int = 5, offset: int = 0) -> SearchResult:
    """Services that fit what the resident said, best first, each with the reasons.

    With query.community_id only that community's services and those for all; where none fits, those of the other
    communities of its sub-district. Without, the whole city's.
    """
    wish = wishes.read(session, query.text)
    scope = [query.community_id] if query.community_id else []
    ranked = _ranked(session, wish, query, scope, now)
    if scope and not ranked:
        neighbours = _neighbours(session, query.community_id)
        ranked = _ranked(session, wish, query, neighbours, now) if neighbours else []
    shown = ranked[offset : offset + limit]
    views = _views(session, [each.candidate.id for each in shown], now)
    matches = [_match(views[each.candidate.id], each) for each in shown if each.candidate.id in views]
    return SearchResult(matches, len(ranked))


def get(session: Session, service_id: str, *, now: datetime) -> ServiceView:
    """One service, with whether it is open. Raises NotFound."""
    views = _views(session, [service_id], now)
    if service_id not in views:
        raise NotFound("service", service_id)
    return views[service_id]


def list_services(
    session: Session,
    *,
    now: datetime,
    category: str | None = None,
    community_id: str | None = None,
    limit: int = 50,
    offset: int = 0,
) -> list[ServiceView]:
    """Services that residents can find today, in the catalogue's order; with a community, its own and those for all."""
    query = select(Service.id).where(_visible([community_id] if community_id else [], now))
    if category is not None:
        query = query.where(Service.category == category)
    ids = list(session.scalars(query.order_by(Service.row).limit(limit).offset(offset)))
    views = _views(session, ids, now)
    return [views[id] for id in ids]


def record_demand(
    session: Session,
    *,
    text: str,
    category: str | None,
    community_id: str | None,
    resident_id: int | None,
    now: datetime,
) -> int:
    """Note a wish for which there was no offer; returns its number."""
    demand = Demand(
        text=text[:1000],
        category=taxonomy.category(category).id if category else None,
        community_id=community_id,
        resident_id=resident_id,
        recorded_at=now,
    )
    session.add(demand)
    session.flush()
    return int(demand.id)


def _ranked(
    session: Session, wish: wishes.Wish, query: ServiceQuery, scope: list[str], now: datetime
) -> list[ranking.Ranked]:
    candidates = _candidates(session, wish, query, scope, now)
    if query.open_at is not None:
        at = query.open_at
        candidates = [each for each in candidates if each.hours and opening_hours.is_open(each.hours, at)]
    return ranking.rank(candidates, wish, query, now=now)


def _neighbours(session: Session, community_id: str | None) -> list[str]:
    own = select(Community.subdistrict_id).where(Community.id == community_id).scalar_subquery()
    return list(session.scalars(select(Community.id).where(Community.subdistrict_id == own).order_by(Community.id)))


def _candidates(
    session: Session, wish: wishes.Wish, query: ServiceQuery, scope: list[str], now: datetime
) -> list[ranking.Candidate]:
    """Rows that hold one of the words or belong to a category in question; each kind bounded by MAX_CANDIDATES."""
    found: dict[int, ranking.Candidate] = {}
    if wish.terms:
        marks = [*map(search_text.community_mark, scope), search_text.EVERYWHERE] if scope else []
        found |= _fetch(session, search_index.matching(session, "services", wish.terms, within=marks), scope, now)
    categories = [query.category] if query.category else sorted(wish.categories)
    if categories:
        found |= _fetch(session, Service.category.in_(categories), scope, now)
    return list(found.values())


def _fetch(session: Session, condition: Any, scope: list[str], now: datetime) -> dict[int, ranking.Candidate]:
    statement = (
        select(
            Service.row,
            Service.id,
            Service.name,
            Service.keywords,
            Service.summary,
            Service.category,
            Service.community_id,
            Service.audience,
            Service.hours,
            Service.lat,
            Service.lon,
        )
        .where(condition, _visible(scope, now))
        .limit(MAX_CANDIDATES)
    )
    return {row.row: _candidate(row) for row in session.execute(statement)}


def _visible(scope: list[str], now: datetime) -> Any:
    today = local_date(now)
    conditions = [
        Service.active.is_(True),
        or_(Service.valid_from.is_(None), Service.valid_from <= today),
        or_(Service.valid_until.is_(None), Service.valid_until >= today),
    ]
    if scope:
        conditions.append(or_(Service.community_id.in_(scope), Service.community_id.is_(None)))
    return and_(*conditions)


def _candidate(row: Any) -> ranking.Candidate:
    texts = (row.name, " ".join(row.keywords), taxonomy.label(row.category), row.summary or "")
    name, keywords, category, rest = map(search_text.normalise, texts)
    place = (row.lat, row.lon) if row.lat is not None and row.lon is not None else None
    return ranking.Candidate(
        row=row.row,
        id=row.id,
        title=row.name,
        texts=(name, keywords, category, rest),
        category=row.category,
        community_id=row.community_id,
        audience=tuple(row.audience),
        hours=row.hours,
        place=place,
    )


def _match(view: ServiceView, ranked: ranking.Ranked) -> ServiceMatch:
    return ServiceMatch(view, ranked.score, ranked.reasons, view.open_now, view.opens_next, ranked.distance_m)


def _views(session: Session, ids: list[str], now: datetime) -> dict[str, ServiceView]:
    statement = (
        select(Service, Provider, Community.name.label("community_name"), Zone.name.label("zone_name"))
        .outerjoin(Provider, Provider.id == Service.provider_id)
        .outerjoin(Community, Community.id == Service.community_id)
        .outerjoin(Zone, Zone.id == Service.zone)
        .where(Service.id.in_(ids))
    )
    return {row.Service.id: _view(row, now) for row in session.execute(statement)}


def _view(row: Any, now: datetime) -> ServiceView:
    service, provider = row.Service, row.Provider
    open_now = opening_hours.is_open(service.hours, now) if service.hours else None
    opens = opening_hours.next_opening(service.hours, now) if open_now is False else None
    return ServiceView(
        id=service.id,
        name=service.name,
        summary=service.summary or "",
        provider_name=provider and provider.name,
        category=service.category,
        category_label=taxonomy.label(service.category),
        service_kind=service.service_kind,
        zone=service.zone,
        zone_name=row.zone_name,
        community_id=service.community_id,
        community_name=row.community_name,
        audience=tuple(service.audience),
        hours=service.hours,
        hours_text=opening_hours.describe(service.hours) if service.hours else "",
        open_now=open_now,
        opens_next=opening_hours.describe_moment(opens, now=now) if opens else None,
        phone=service.phone or (provider and provider.phone),
        price=service.price,
        address=service.address or (provider and provider.address),
        lat=service.lat,
        lon=service.lon,
        booking=service.booking,
        source=service.source,
        verified_on=service.verified_on,
    )
