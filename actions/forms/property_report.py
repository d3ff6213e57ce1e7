"""Reporting something broken or disturbing: the property ticket."""

from __future__ import annotations

from rasa_sdk.executor import CollectingDispatcher

from actions.forms.fields import ConfirmField, Draft, NameField, PhoneField, PlaceField, ProblemField, TimeField
from actions.forms.form import ResidentForm
from actions.turn import Turn
from bot.community import disturbances


class PropertyForm(ResidentForm):
    """What, where, how to reach the resident, and when somebody is at home if a worker has to come in."""

    form = "property_form"
    fields = (
        ProblemField(),
        PlaceField(),
        PhoneField(),
        TimeField(indoors_only=True),
        NameField(ask=False),
        ConfirmField(),
    )

    async def notice(self, turn: Turn, draft: Draft, dispatcher: CollectingDispatcher) -> Draft:
        """A disturbance of the building that is known already is told once, before the rest is asked for."""
        place, problem = draft.get("place") or {}, draft.get("problem") or {}
        if not place.get("compound_id") or not problem or turn.slot("known_disturbance"):
            return {}
        known = await turn.database.read(
            disturbances.current,
            compound_id=place["compound_id"],
            building=place.get("building"),
            category=problem["category"],
            now=turn.now,
        )
        if not known:
            return {}
        dispatcher.utter_message(response="utter_disturbance", text=known[0].text)
        return {"known_disturbance": str(known[0].id)}
