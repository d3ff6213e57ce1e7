"""Known disturbances: no water, no power, no elevator; who is touched, and who wants to hear when it is over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.community import notifications, residents
from bot.community.errors import NotFound
from bot.community.models.catalogue import Disturbance, DisturbanceJoin
from bot.community.models.places import Compound
from bot.community.places import building_key

KINDS = ("water", "power", "gas", "elevator", "heating", "other")
NOTICE_KIND = "disturbance_ended"


@dataclass(frozen=True)
class DisturbanceView:
    id: str
    kind: str
    category: str
    community_id: str
    compound_id: str | None
    buildings: tuple[str, ...] | None
    starts_at: datetime
    ends_at: datetime | None
    text: str


def current(
    session: Session,
    *,
    compound_id: str | None = None,
    building: str | None = None,
    category: str | None = None,
    now: datetime,
) -> list[DisturbanceView]:
    """Disturbances that go on now at that address, the newest first; without a compound, anywhere.

    category may be None for any. Without a building, those of single buildings of the compound count too.
    """
    query = select(Disturbance).where(
        Disturbance.ended_at.is_(None),
        Disturbance.starts_at <= now,
        or_(Disturbance.ends_at.is_(None), Disturbance.ends_at > now),
    )
    if category is not None:
        query = query.where(Disturbance.category == category)
    if compound_id is not None:
        own = select(Compound.community_id).where(Compound.id == compound_id).scalar_subquery()
        whole_community = (Disturbance.compound_id.is_(None)) & (Disturbance.community_id == own)
        query = query.where(or_(Disturbance.compound_id == compound_id, whole_community))
    rows = session.scalars(query.order_by(Disturbance.starts_at.desc(), Disturbance.id))
    return [_view(row) for row in rows if _touches(row, building)]


def join(session: Session, disturbance_id: str, resident_id: int, *, now: datetime) -> bool:
    """Tell this resident when it ends; False if they had joined before. Raises NotFound."""
    _find(session, disturbance_id)
    try:
        with session.begin_nested():
            session.add(DisturbanceJoin(disturbance_id=disturbance_id, resident_id=resident_id, joined_at=now))
    except IntegrityError:
        return False
    return True


def end(session: Session, disturbance_id: str, *, now: datetime) -> int:
    """It is over: queue a notice to everybody who joined; returns to how many. Ending it again tells nobody twice."""
    disturbance = _find(session, disturbance_id)
    if disturbance.ended_at is not None:
        return 0
    disturbance.ended_at = now
    joined = session.scalars(
        select(DisturbanceJoin.resident_id).where(DisturbanceJoin.disturbance_id == disturbance_id)
    ).all()
    for resident_id in joined:
        _tell(session, disturbance, resident_id, now)
    session.flush()
    return len(joined)


def _tell(session: Session, disturbance: Disturbance, resident_id: int, now: datetime) -> None:
    for recipient in residents.senders(session, resident_id):
        notifications.enqueue(
            session,
            recipient=recipient,
            kind=NOTICE_KIND,
            payload={"disturbance": disturbance.id, "category": disturbance.category, "text": disturbance.text},
            key=f"{NOTICE_KIND}:{disturbance.id}:{recipient}",
            now=now,
        )


def _find(session: Session, disturbance_id: str) -> Disturbance:
    disturbance = session.get(Disturbance, disturbance_id)
    if disturbance is None:
        raise NotFound("disturbance", disturbance_id)
    return disturbance


def _touches(row: Disturbance, building: str | None) -> bool:
    if not building or not row.buildings:
        return True
    return building_key(building) in {building_key(each) for each in row.buildings}


def _view(row: Disturbance) -> DisturbanceView:
    return DisturbanceView(
        id=row.id,
        kind=row.kind,
        category=row.category,
        community_id=row.community_id,
        compound_id=row.compound_id,
        buildings=tuple(row.buildings) if row.buildings else None,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        text=row.text,
    )
