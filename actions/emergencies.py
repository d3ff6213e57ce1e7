"""Danger right now: what to do and whom to call comes first; then the ticket with what is known, and a human."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.cards import guide_conditions
from actions.forms import addresses
from actions.forms.form import EventList
from actions.forms.noted import NOTED, note
from actions.forms.second_problem import hidden_problem
from actions.turn import Turn
from bot.community import guides, handoff, ticket_requests, tickets
from bot.community.tickets import TicketDraft

FALLBACK_ADVICE = "utter_emergency"


class Emergency(Action):
    """First instruction, then an urgent ticket; asks only for the place, and only if it is not known."""

    def name(self) -> str:
        return "action_emergency"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> EventList:
        turn = Turn(tracker)
        advice = turn.triage.get("advice")
        if advice:
            dispatcher.utter_message(response="utter_emergency_advice", advice=advice)
        else:
            dispatcher.utter_message(response=FALLBACK_ADVICE)
        place = await addresses.read(turn)
        ticket = await self._open(turn, place)
        await turn.database.run(handoff.request, turn.sender_id, reason="emergency", now=turn.now)
        response = "utter_emergency_ticket" if place else "utter_emergency_where"
        dispatcher.utter_message(response=response, number=ticket.number)
        return [SlotSet("last_ticket", ticket.number), SlotSet("emergency_ticket", ticket.number)]

    async def _open(self, turn: Turn, place: addresses.Place) -> tickets.TicketView:
        resident = await turn.resident()
        category = turn.category if turn.domain in ("property", "safety") else "emergency"
        draft = TicketDraft(
            category=category or "emergency",
            description=turn.text,
            resident_id=resident.id,
            sender_id=turn.sender_id,
            community_id=place.get("community_id") or resident.community_id,
            compound_id=place.get("compound_id") or (None if place else resident.compound_id),
            compound_text=place.get("compound"),
            building=place.get("building") or (None if place else resident.building),
            unit=place.get("unit") or (None if place else resident.unit),
            room=place.get("room") or (None if place else resident.room),
            public_place=place.get("public_place"),
            name=turn.entities.get("name") or resident.name,
            phone=turn.entities.get("phone") or resident.phone,
            urgency="emergency",
            photos=turn.photos,
        )
        return await turn.database.run(tickets.open_ticket, draft, key=turn.key, now=turn.now)


class Inform(Action):
    """Bare data outside a form: it completes the emergency just reported, else asks what it is for."""

    def name(self) -> str:
        return "action_inform"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> EventList:
        turn = Turn(tracker)
        number = turn.slot("emergency_ticket")
        if not number:
            return await self._keep(dispatcher, turn)
        resident = await turn.resident()
        place = await addresses.read(turn)
        fields = {name: place[name] for name in ("building", "unit", "room", "public_place") if place.get(name)}
        if place.get("compound"):
            fields |= {"compound_text": place["compound"], "compound_id": place.get("compound_id")}
        if turn.entities.get("phone"):
            fields["phone"] = turn.entities["phone"]
        await turn.database.run(
            ticket_requests.amend, number, resident_id=resident.id, text=turn.text, fields=fields, now=turn.now
        )
        dispatcher.utter_message(response="utter_emergency_completed", number=number)
        complete = bool(turn.entities.get("phone"))
        return [SlotSet("emergency_ticket", None)] if complete else []

    async def _keep(self, dispatcher: CollectingDispatcher, turn: Turn) -> EventList:
        """Nothing said is lost: the next form starts with it, and a report that was unclear before goes on now."""
        noted = await note(turn)
        problem = hidden_problem(turn)
        if problem:
            noted["problem"] = problem
        if noted.get("problem"):
            return [SlotSet(NOTED, noted), FollowupAction("property_form")]
        response = "utter_inform_for_what" if turn.entities else "utter_noted"
        if turn.slot("chosen_guide") and not turn.entities:
            guide = await turn.database.read(guides.get, turn.slot("chosen_guide"))
            dispatcher.utter_message(response="utter_guide", card=guide_conditions(guide))
            return []
        if turn.photos:
            response = "utter_photo_for_what"
        elif turn.location:
            response = "utter_location_for_what"
        dispatcher.utter_message(response=response)
        return [SlotSet(NOTED, noted)]
