"""办事指南: how to apply for a public service."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from bot.community import opening_hours, ranking, search_index, search_text, taxonomy, wishes
from bot.community.catalogue_views import ServiceQuery
from bot.community.clock import local_date, utcnow
from bot.community.errors import NotFound
from bot.community.models.catalogue import Guide

MAX_CANDIDATES = 200


@dataclass(frozen=True)
class Material:
    """Something to bring; note says in which form."""

    name: str
    note: str
    optional: bool


@dataclass(frozen=True)
class EligibilityQuestion:
    """A question with a rule on its answer: "yes", "no", or a comparison such as ">= 80".

    slot names the fact asked for, where it may be known already; otherwise is what to say when the rule doesn't hold.
    """

    question: str
    slot: str | None
    rule: str
    otherwise: str


@dataclass(frozen=True)
class GuideMatch:
    """named: how many characters of the guide's name or alias the resident said word for word."""

    id: str
    name: str
    score: float
    category: str
    named: int = 0


@dataclass(frozen=True)
class GuideView:
    id: str
    name: str
    category: str
    category_label: str
    conditions: tuple[str, ...]
    materials: tuple[Material, ...]
    where: str
    hours: str | None
    hours_text: str
    phone: str | None
    fee: str | None
    time_limit: str | None
    steps: tuple[str, ...]
    on_behalf: str | None
    online_url: str | None
    eligibility: tuple[EligibilityQuestion, ...]
    community_id: str | None
    version: int
    source: str | None


def search(
    session: Session,
    text: str,
    *,
    category: str | None = None,
    community_id: str | None = None,
    limit: int = 5,
    now: datetime | None = None,
) -> list[GuideMatch]:
    """Guides that fit what the resident said, best first."""
    now = now or utcnow()
    wish = wishes.read(session, text)
    query = ServiceQuery(text, category, community_id)
    ranked = ranking.rank(_candidates(session, wish, query, now), wish, query, now=now)
    return [
        GuideMatch(
            each.candidate.id,
            each.candidate.title,
            each.score,
            each.candidate.category,
            _said_name(text, each.candidate),
        )
        for each in ranked[:limit]
    ]


def _said_name(text: str, candidate: ranking.Candidate) -> int:
    """Length of the guide's name or alias that stands in the text, 0 if none does."""
    said = search_text.normalise(text)
    names = [candidate.texts[0], *candidate.texts[1].split()]
    return max((len(name) for name in names if len(name) > 1 and name in said), default=0)


def list_guides(
    session: Session, *, now: datetime, category: str | None = None, limit: int = 50, offset: int = 0
) -> list[GuideView]:
    """Guides that residents can find today, in the catalogue's order."""
    query = select(Guide).where(_visible(None, now))
    if category is not None:
        query = query.where(Guide.category == category)
    return [_view(row) for row in session.scalars(query.order_by(Guide.row).limit(limit).offset(offset))]


def get(session: Session, guide_id: str) -> GuideView:
    """Raises NotFound."""
    guide = session.scalar(select(Guide).where(Guide.id == guide_id))
    if guide is None:
        raise NotFound("guide", guide_id)
    return _view(guide)


def get_all(session: Session, ids: Sequence[str]) -> list[GuideView]:
    """The guides of these ids, in their order; one that does not exist is left out."""
    rows = {row.id: row for row in session.scalars(select(Guide).where(Guide.id.in_(list(ids))))}
    return [_view(rows[id]) for id in ids if id in rows]


def _candidates(session: Session, wish: wishes.Wish, query: ServiceQuery, now: datetime) -> list[ranking.Candidate]:
    found: dict[int, ranking.Candidate] = {}
    visible = _visible(query.community_id, now)
    if wish.terms:
        found |= _fetch(session, and_(search_index.matching(session, "guides", wish.terms), visible))
    categories = [query.category] if query.category else sorted(wish.categories)
    if categories:
        found |= _fetch(session, and_(Guide.category.in_(categories), visible))
    return list(found.values())


def _fetch(session: Session, condition: Any) -> dict[int, ranking.Candidate]:
    columns = (Guide.row, Guide.id, Guide.name, Guide.aliases, Guide.category, Guide.conditions, Guide.community_id)
    statement = select(*columns).where(condition).limit(MAX_CANDIDATES)
    return {row.row: _candidate(row) for row in session.execute(statement)}


def _candidate(row: Any) -> ranking.Candidate:
    texts = (row.name, " ".join(row.aliases), taxonomy.label(row.category), " ".join(row.conditions))
    name, aliases, category, conditions = map(search_text.normalise, texts)
    return ranking.Candidate(
        row=row.row,
        id=row.id,
        title=row.name,
        texts=(name, aliases, category, conditions),
        category=row.category,
        community_id=row.community_id,
        audience=(),
        hours=None,
        place=None,
    )


def _visible(community_id: str | None, now: datetime) -> Any:
    today = local_date(now)
    condition = and_(
        or_(Guide.valid_from.is_(None), Guide.valid_from <= today),
        or_(Guide.valid_until.is_(None), Guide.valid_until >= today),
    )
    if community_id is None:
        return condition
    return and_(condition, or_(Guide.community_id == community_id, Guide.community_id.is_(None)))


def _view(guide: Guide) -> GuideView:
    return GuideView(
        id=guide.id,
        name=guide.name,
        category=guide.category,
        category_label=taxonomy.label(guide.category),
        conditions=tuple(guide.conditions),
        materials=tuple(
            Material(each["name"], each.get("note") or "", bool(each.get("optional"))) for each in guide.materials
        ),
        where=guide.where or "",
        hours=guide.hours,
        hours_text=opening_hours.describe(guide.hours) if guide.hours else "",
        phone=guide.phone,
        fee=guide.fee,
        time_limit=guide.time_limit,
        steps=tuple(guide.steps),
        on_behalf=guide.on_behalf,
        online_url=guide.online_url,
        eligibility=tuple(
            EligibilityQuestion(each["question"], each.get("slot"), each.get("rule") or "", each.get("otherwise") or "")
            for each in guide.eligibility
        ),
        community_id=guide.community_id,
        version=guide.version,
        source=guide.source,
    )
