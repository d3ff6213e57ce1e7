"""Who handles a matter: the property company for property, the grid worker of the address for the rest."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from bot.community import places
from bot.community.errors import NotFound


@dataclass(frozen=True)
class Assignment:
    """Where a new ticket goes; what is not known stays None, and then the desk decides."""

    community_id: str | None = None
    grid_id: str | None = None
    assignee: str | None = None
    phone: str | None = None


def propose(session: Session, *, domain: str, compound_id: str | None, building: str | None) -> Assignment:
    """The handler by domain and address. A compound that is not in the catalogue is no reason to refuse a ticket."""
    if not compound_id:
        return Assignment()
    try:
        place = places.locate(session, compound_id, building)
    except NotFound:
        return Assignment()
    grid_id = place.grid.id if place.grid else None
    handler = place.property_company if domain == "property" and place.property_company else place.grid_worker
    if handler is None:
        return Assignment(place.community.id, grid_id)
    return Assignment(place.community.id, grid_id, handler.name, handler.phone)
