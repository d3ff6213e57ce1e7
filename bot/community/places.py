"""Places: the compound that a resident means, and who looks after it."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.community import opening_hours, place_names, versions
from bot.community.errors import NotFound
from bot.community.models.places import BuildingGrid, Community, Compound, Grid, PropertyCompany
from bot.community.place_views import (
    CommunityMatch,
    CommunityView,
    CompanyView,
    CompoundMatch,
    CompoundView,
    Contact,
    GridView,
    Location,
    PlaceName,
)

VERSION_KIND = "places"


@dataclass(frozen=True)
class _Names:
    compounds: dict[str, tuple[str, str]]  # id: name, community id
    communities: dict[str, str]  # id: name
    compound_names: tuple[place_names.KnownName, ...]
    community_names: tuple[place_names.KnownName, ...]


def match_compound(
    session: Session, text: str, *, community_id: str | None = None, limit: int = 3
) -> list[CompoundMatch]:
    """Compounds that the words may mean, best first; score is 0 to 1. Typing errors and wrong characters are borne."""
    known = _names.get(session)
    found = place_names.scores(text, known.compound_names)
    matches = [
        CompoundMatch(id, known.compounds[id][0], known.compounds[id][1], round(score, 3), exact)
        for id, (score, exact) in found.items()
        if community_id in (None, known.compounds[id][1])
    ]
    return sorted(matches, key=lambda match: (-match.score, match.id))[:limit]


def match_community(session: Session, text: str, *, limit: int = 3) -> list[CommunityMatch]:
    """Communities that the words may mean, best first."""
    known = _names.get(session)
    found = place_names.scores(text, known.community_names)
    matches = [
        CommunityMatch(id, known.communities[id], round(score, 3), exact) for id, (score, exact) in found.items()
    ]
    return sorted(matches, key=lambda match: (-match.score, match.id))[:limit]


def names(session: Session) -> list[PlaceName]:
    """Every name and alias of compounds and communities; read again when version() has changed."""
    compounds = session.execute(select(Compound.id, Compound.community_id, Compound.name, Compound.aliases))
    communities = session.execute(select(Community.id, Community.name, Community.aliases))
    return [
        PlaceName(name, row.id, row.community_id) for row in compounds for name in _all_names(row.name, row.aliases)
    ] + [PlaceName(name, None, row.id) for row in communities for name in _all_names(row.name, row.aliases)]


def version(session: Session) -> str:
    """A token that changes whenever places do."""
    return versions.current(session, VERSION_KIND)


def locate(session: Session, compound_id: str, building: str | None = None) -> Location:
    """Who looks after that building. Without a building of its own grid, the compound's grid. Raises NotFound."""
    query = (
        select(Compound, Community, PropertyCompany)
        .join(Community, Community.id == Compound.community_id)
        .outerjoin(PropertyCompany, PropertyCompany.id == Compound.property_company_id)
        .where(Compound.id == compound_id)
    )
    row = session.execute(query).first()
    if row is None:
        raise NotFound("compound", compound_id)
    compound, community, company = row
    grid = _grid_of(session, compound, building)
    return Location(
        compound=_compound_view(compound),
        community=_community_view(community),
        grid=grid and GridView(grid.id, grid.name, grid.worker_staff),
        grid_worker=Contact(grid.worker_name, grid.worker_phone) if grid and grid.worker_name else None,
        property_company=company
        and CompanyView(company.id, company.name, company.phone, company.emergency_phone, company.hours),
    )


def communities(session: Session) -> list[CommunityView]:
    """All communities, by name."""
    return [_community_view(row) for row in session.scalars(select(Community).order_by(Community.name, Community.id))]


def get_community(session: Session, community_id: str) -> CommunityView:
    """Raises NotFound."""
    community = session.get(Community, community_id)
    if community is None:
        raise NotFound("community", community_id)
    return _community_view(community)


def building_key(building: str) -> str:
    """A building as it is stored: 3栋, ３号楼 and 3幢 are "3", a座 is "A"."""
    return unicodedata.normalize("NFKC", building).strip().upper().removeprefix("第").rstrip("号楼栋幢座# ")


def _grid_of(session: Session, compound: Compound, building: str | None) -> Grid | None:
    grid_id = compound.grid_id
    if building:
        own = session.get(BuildingGrid, (compound.id, building_key(building)))
        grid_id = own.grid_id if own else grid_id
    return session.get(Grid, grid_id) if grid_id else None


def _all_names(name: str, aliases: list[str] | None) -> list[str]:
    return list(dict.fromkeys([name, *(aliases or [])]))


def _load_names(session: Session) -> _Names:
    compounds, communities_by_id, compound_names, community_names = {}, {}, [], []
    for row in session.execute(select(Compound.id, Compound.name, Compound.community_id, Compound.aliases)):
        compounds[row.id] = (row.name, row.community_id)
        compound_names += [place_names.prepare(name, row.id) for name in _all_names(row.name, row.aliases)]
    for row in session.execute(select(Community.id, Community.name, Community.aliases)):
        communities_by_id[row.id] = row.name
        community_names += [place_names.prepare(name, row.id) for name in _all_names(row.name, row.aliases)]
    return _Names(compounds, communities_by_id, tuple(compound_names), tuple(community_names))


_names = versions.VersionedCache(VERSION_KIND, _load_names)


def _compound_view(row: Compound) -> CompoundView:
    return CompoundView(row.id, row.name, tuple(row.aliases or ()), row.address, row.buildings, row.lat, row.lon)


def _community_view(row: Community) -> CommunityView:
    return CommunityView(
        id=row.id,
        name=row.name,
        aliases=tuple(row.aliases or ()),
        phone=row.phone,
        address=row.address,
        hours=row.hours,
        hours_text=opening_hours.describe(row.hours) if row.hours else "",
        lat=row.lat,
        lon=row.lon,
    )
