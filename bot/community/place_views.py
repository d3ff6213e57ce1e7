"""What the core tells about places, apart from the tables."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PlaceName:
    """A name or alias; compound_id None: the name of the community itself."""

    name: str
    compound_id: str | None
    community_id: str


@dataclass(frozen=True)
class CompoundMatch:
    """exact: the resident's words hold the compound's name or alias as it is written."""

    id: str
    name: str
    community_id: str
    score: float
    exact: bool


@dataclass(frozen=True)
class CommunityMatch:
    id: str
    name: str
    score: float
    exact: bool


@dataclass(frozen=True)
class CommunityView:
    id: str
    name: str
    aliases: tuple[str, ...]
    phone: str | None
    address: str | None
    hours: str | None
    hours_text: str
    lat: float | None
    lon: float | None


@dataclass(frozen=True)
class CompoundView:
    id: str
    name: str
    aliases: tuple[str, ...]
    address: str | None
    buildings: str | None
    lat: float | None
    lon: float | None


@dataclass(frozen=True)
class GridView:
    id: str
    name: str
    worker_staff: str | None


@dataclass(frozen=True)
class Contact:
    name: str
    phone: str | None


@dataclass(frozen=True)
class CompanyView:
    id: str
    name: str
    phone: str | None
    emergency_phone: str | None
    hours: str | None


@dataclass(frozen=True)
class Location:
    """A compound and who looks after it; grid and grid_worker may be unknown."""

    compound: CompoundView
    community: CommunityView
    grid: GridView | None
    grid_worker: Contact | None
    property_company: CompanyView | None
