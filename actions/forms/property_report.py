"""Reporting something broken or disturbing: the property ticket."""

from __future__ import annotations

from rasa_sdk.executor import CollectingDispatcher

from actions.forms.fields import ConfirmField, Draft, NameField, PhoneField, PlaceField, ProblemField, TimeField
from actions.forms.form import ResidentForm, Step
from actions.forms.second_problem import second_problem, set_aside
from actions.turn import Turn
from bot.community import disturbances
from bot.community.taxonomy import label


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

    async def notice(self, turn: Turn, step: Step, dispatcher: CollectingDispatcher) -> Draft:
        """Two problems in the first message are told apart; then what is known of a disturbance."""
        first = step.merged().get("problem")
        second = second_problem(turn) if first and step.draft.get("starting") else None
        if not first or not second:
            return await self._disturbance(turn, step.merged(), dispatcher)
        dispatcher.utter_message(
            response="utter_two_problems", first=label(first["category"]), second=label(second["category"])
        )
        waiting = set_aside(turn.slot("paused_forms"), second, place=step.merged().get("place"))
        return {"paused_forms": waiting, **await self._disturbance(turn, step.merged(), dispatcher)}

    async def _disturbance(self, turn: Turn, draft: Draft, dispatcher: CollectingDispatcher) -> Draft:
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
