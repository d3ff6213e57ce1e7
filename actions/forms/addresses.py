"""A place as a form holds it: a dict of compound, compound_id, community_id, building, unit, room, public_place."""

from __future__ import annotations

from typing import Any

from actions.phrases import phrase
from actions.turn import Turn
from bot.community import places
from bot.community.errors import NotFound
from bot.community.residents import ResidentView

Place = dict[str, Any]

# Faults inside a home, where somebody has to come in.
INDOOR_CATEGORIES = {"leak_plumbing", "water_supply", "heating_ac", "power_lighting", "housing_quality"}
# Matters of the whole compound: no building is asked for.
COMPOUND_WIDE = {"fees", "service_attitude", "owners_committee"}
PARTS = ("building", "unit", "floor", "room")
SURE = 0.75  # from this score on a compound of the database is what the resident meant


async def read(turn: Turn) -> Place:
    """The parts of a place in this message; empty when there are none."""
    found: Place = {part: turn.entities[part] for part in PARTS if turn.entities.get(part)}
    if turn.entities.get("place"):
        found["public_place"] = turn.entities["place"]
    said = turn.entities.get("compound")
    if said:
        found["compound"] = said
        matches = await turn.database.read(places.match_compound, said, limit=1)
        if matches and matches[0].score >= SURE:
            best = matches[0]
            found |= {"compound": best.name, "compound_id": best.id, "community_id": best.community_id}
    return found


def merge(known: Place, found: Place) -> Place:
    """The known place with the new parts; another compound starts anew."""
    if known.get("compound") and found.get("compound") and known["compound"] != found["compound"]:
        return found
    return {**known, **found}


def missing(place: Place, *, category: str | None) -> str | None:
    """The next part to ask for: compound, building or room; None when the place is good enough for the matter."""
    if place.get("enough"):
        return None
    if not place.get("compound"):
        return None if place.get("public_place") and place.get("unclear") else "compound"
    if category in COMPOUND_WIDE:
        return None
    if not (place.get("building") or place.get("public_place")):
        return "building"
    if category in INDOOR_CATEGORIES and not (place.get("room") or place.get("public_place")):
        return "room"
    return None


def describe(place: Place) -> str:
    """「阳光花园3栋2单元501室」"""
    public = place.get("public_place") or ""
    said = [phrase(f"place.{part}", value=place[part]) for part in PARTS if place.get(part)]
    parts = [place.get("compound") or "", *(part for part in said if part not in public)]
    return "".join([*parts, public] if public not in parts[0] else parts)


async def of_resident(turn: Turn, resident: ResidentView) -> Place | None:
    """The address that the resident gave before."""
    if not resident.compound_id:
        return None
    try:
        location = await turn.database.read(places.locate, resident.compound_id, resident.building)
    except NotFound:
        return None
    known: Place = {
        "compound": location.compound.name,
        "compound_id": location.compound.id,
        "community_id": location.community.id,
    }
    return known | {part: value for part in ("building", "unit", "room") if (value := getattr(resident, part))}
