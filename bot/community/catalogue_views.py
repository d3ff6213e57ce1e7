"""What the core tells about services, apart from the tables."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class ServiceQuery:
    """What to look for. audience: ids of whom it is for; near: latitude and longitude; open_at: must be open then."""

    text: str
    category: str | None = None
    community_id: str | None = None
    audience: tuple[str, ...] = ()
    near: tuple[float, float] | None = None
    open_at: datetime | None = None


@dataclass(frozen=True)
class ServiceView:
    """A service as people see it. phone and address are the provider's where the service has none of its own."""

    id: str
    name: str
    summary: str
    provider_name: str | None
    category: str
    category_label: str
    service_kind: str
    zone: str | None
    zone_name: str | None
    community_id: str | None
    community_name: str | None
    audience: tuple[str, ...]
    hours: str | None
    hours_text: str
    open_now: bool | None
    opens_next: str | None
    phone: str | None
    price: str | None
    address: str | None
    lat: float | None
    lon: float | None
    booking: str
    source: str | None
    verified_on: date | None


@dataclass(frozen=True)
class ServiceMatch:
    """reasons: ids out of words, category, audience, near, open_now, same_community, other_community."""

    service: ServiceView
    score: float
    reasons: tuple[str, ...]
    open_now: bool | None
    opens_next: str | None
    distance_m: int | None


@dataclass(frozen=True)
class SearchResult:
    matches: list[ServiceMatch]
    total: int
