"""QR codes with a scene: a code at a community's door or in a canteen says where the resident is and what about.

A scene is up to 64 characters (the platform's limit) of `name=value` pairs joined by "&": community=<id>,
compound=<id>, building=<number>, unit=<number>, topic=<what the resident would say>.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qsl

from sqlalchemy.orm import Session

from bot.community import places, residents
from bot.community.errors import NotFound

LONGEST = 64


@dataclass(frozen=True)
class Scene:
    """What a code says; says is the topic in the resident's words."""

    code: str = ""
    community: str | None = None
    compound: str | None = None
    building: str | None = None
    unit: str | None = None
    says: str = ""


def scene_of(code: str) -> Scene:
    """The scene of a code; one that we did not make says nothing but itself."""
    if len(code) > LONGEST:
        return Scene()
    pairs = dict(parse_qsl(code))
    values = {name: pairs.get(name) for name in ("community", "compound", "building", "unit")}
    return Scene(code=code, says=pairs.get("topic", ""), **values)


def remember(session: Session, sender_id: str, scene: Scene, *, now: datetime) -> None:
    """Keep the place of the scene as the resident's, unless they told us another one; unknown places are left out."""
    resident = residents.resolve(session, sender_id, now=now)
    if resident.compound_id:
        return
    found = _place(session, scene)
    if found:
        residents.remember(session, resident.id, **found)


def _place(session: Session, scene: Scene) -> dict[str, str | None]:
    try:
        if scene.compound:
            found = places.locate(session, scene.compound, scene.building)
            home = {"building": scene.building, "unit": scene.unit}
            return {"compound_id": found.compound.id, "community_id": found.community.id, **home}
        if scene.community:
            return {"community_id": places.get_community(session, scene.community).id}
    except NotFound:
        pass  # a code on a wall outlives the catalogue that it was made for
    return {}
