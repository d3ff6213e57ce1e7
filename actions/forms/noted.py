"""What residents say before the bot knows what for: an address, a phone, a photo. The next form starts with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from actions.forms import addresses
from actions.turn import Turn

if TYPE_CHECKING:
    from actions.forms.fields import Draft, Field

NOTED = "noted"  # the slot: values by field name, times under "time", the last location under "near"


async def note(turn: Turn) -> dict[str, Any]:
    """What was noted so far with what this message adds."""
    noted = dict(turn.slot(NOTED) or {})
    place = await addresses.read(turn)
    if place:
        noted["place"] = addresses.merge(noted.get("place") or {}, place)
    for name, entity in (("phone", "phone"), ("called", "name"), ("time", "time")):
        value = turn.entities.get(entity)
        if value and not (name == "time" and value.get("about") == "incident"):
            noted[name] = value
    if turn.photos:
        noted["photos"] = [*noted.get("photos", []), *turn.photos]
    if turn.location:
        noted["near"] = list(turn.location)
    return noted


def noted_draft(noted: dict[str, Any] | None, fields: Sequence[Field]) -> Draft:
    """The noted values that a form with these fields can use."""
    given = noted or {}
    known = {each.name: given[key] for each in fields if (key := each.noted_as) in given}
    return known | ({"photos": given["photos"]} if "photos" in given else {})
