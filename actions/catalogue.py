"""Services near home: finding them, showing one, noting what is missing."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.cards import card, line, offers
from actions.forms import addresses
from actions.forms.form import EventList
from actions.forms.noted import NOTED
from actions.forms.second_problem import hidden_problem, set_aside
from actions.phrases import buttons, phrase
from actions.topics import Resume, offer_resume
from actions.turn import Turn
from bot.community import catalogue
from bot.community.catalogue import ServiceQuery, ServiceView
from bot.community.errors import NotFound

PAGE = 4
# Domains whose categories the catalogue is asked for by id; of others only the words count.
WITH_CATEGORY = ("convenience", "engagement", "safety", "psychology")


class FindService(Action):
    """Looks a wish up in the catalogue and shows the best matches."""

    def name(self) -> str:
        return "action_find_service"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> EventList:
        turn = Turn(tracker)
        events = await find(dispatcher, turn)
        problem = hidden_problem(turn) if {"building", "place"} & set(turn.entities) else None
        if problem is None:
            return events
        # A letter that also reports something broken: the report is offered after the answer.
        waiting = set_aside(turn.slot("paused_forms"), problem, place=await addresses.read(turn))
        offer_resume(dispatcher, waiting)
        return [*events, SlotSet("paused_forms", waiting)]


async def find(dispatcher: CollectingDispatcher, turn: Turn) -> EventList:
    """Show what the catalogue has for this message; remembers what was shown."""
    resident = await turn.resident()
    category = turn.category if turn.domain in WITH_CATEGORY and not str(turn.category).startswith("other_") else None
    near = turn.location or (turn.slot(NOTED) or {}).get("near")
    wish = {"text": turn.text, "category": category, "near": near, "community": resident.community_id}
    return await _show(dispatcher, turn, wish, offset=0)


async def _show(dispatcher: CollectingDispatcher, turn: Turn, wish: dict[str, Any], *, offset: int) -> EventList:
    near = tuple(wish["near"]) if wish.get("near") else None
    query = ServiceQuery(wish["text"], category=wish["category"], community_id=wish["community"], near=near)
    found = await turn.database.read(catalogue.search, query, now=turn.now, limit=PAGE, offset=offset)
    if not found.matches:
        dispatcher.utter_message(response="utter_no_more_services" if offset else "utter_no_service")
        return [SlotSet("last_wish", {**wish, "missing": True})]
    if found.total == 1:
        service = found.matches[0].service
        dispatcher.utter_message(response="utter_service", card=card(service), buttons=offers(service))
        return _remember([service], wish, offset, chosen=service)
    services = [match.service for match in found.matches]
    more = phrase("service.more") if found.total > offset + PAGE else ""
    choices = [phrase("service.choice", n=n) for n in range(1, len(services) + 1)]
    dispatcher.utter_message(
        response="utter_services",
        count=found.total,
        list="\n".join(line(n, match) for n, match in enumerate(found.matches, 1)),
        buttons=buttons(*choices, *([more] if more else [])),
    )
    return _remember(services, wish, offset, chosen=None)


def _remember(
    services: list[ServiceView], wish: dict[str, Any], offset: int, *, chosen: ServiceView | None
) -> EventList:
    shown = [{"kind": "service", "id": service.id} for service in services]
    return [
        SlotSet("last_results", shown),
        SlotSet("last_wish", {**wish, "offset": offset}),
        SlotSet("chosen_service", chosen.id if chosen else None),
        SlotSet("chosen_guide", None),
    ]


class ShowMore(Action):
    """The next page of what was found last."""

    def name(self) -> str:
        return "action_more"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> EventList:
        turn = Turn(tracker)
        wish = turn.slot("last_wish")
        if not wish:
            dispatcher.utter_message(response="utter_nothing_shown")
            return []
        return await _show(dispatcher, turn, wish, offset=int(wish.get("offset", 0)) + PAGE)


async def show_service(dispatcher: CollectingDispatcher, turn: Turn, service_id: str) -> EventList:
    """The card of one service."""
    try:
        service = await turn.database.read(catalogue.get, service_id, now=turn.now)
    except NotFound:
        dispatcher.utter_message(response="utter_no_service")
        return []
    dispatcher.utter_message(response="utter_service", card=card(service), buttons=offers(service))
    return [SlotSet("chosen_service", service.id), SlotSet("chosen_guide", None)]


class RecordDemand(Action):
    """Notes a wish that nobody offers yet; 「好」 to something that was found starts its booking."""

    def name(self) -> str:
        return "action_record_demand"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> EventList:
        turn = Turn(tracker)
        wish = turn.slot("last_wish") or {}
        if not wish.get("missing"):
            return await self._found(dispatcher, turn)
        resident = await turn.resident()
        await turn.database.run(
            catalogue.record_demand,
            text=wish["text"],
            category=wish["category"],
            community_id=resident.community_id,
            resident_id=resident.id,
            now=turn.now,
        )
        dispatcher.utter_message(response="utter_demand_recorded")
        return [SlotSet("last_wish", None)]

    async def _found(self, dispatcher: CollectingDispatcher, turn: Turn) -> EventList:
        if turn.slot("paused_forms"):
            return await Resume().run(dispatcher, turn.tracker, {})
        chosen = turn.slot("chosen_service")
        if chosen:
            service = await turn.database.read(catalogue.get, chosen, now=turn.now)
            if service.booking == "bot":
                return [FollowupAction("booking_form")]
        dispatcher.utter_message(response="utter_listening")
        return []
