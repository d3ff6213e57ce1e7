"""How to apply for a public service: finding the guide and telling it."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.cards import guide_card
from actions.forms.form import EventList
from actions.phrases import buttons, phrase
from actions.turn import Turn
from bot.community import guides
from bot.community.errors import NotFound
from bot.community.guides import GuideMatch

SURE = 1.5  # so many times better than the second best is the one that was meant
LIMIT = 4


class FindGuide(Action):
    """Finds the guide for a question and tells it; several likely ones are offered to choose from."""

    def name(self) -> str:
        return "action_find_guide"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> EventList:
        turn = Turn(tracker)
        resident = await turn.resident()
        category = turn.category if turn.domain == "public_service" else None
        found = await turn.database.read(
            guides.search, turn.text, category=category, community_id=resident.community_id, limit=LIMIT
        )
        if not found:
            dispatcher.utter_message(response="utter_no_guide")
            return [SlotSet("last_wish", {"text": turn.text, "category": turn.category, "missing": True})]
        meant = meant_guide(found)
        if meant is not None:
            return await show_guide(dispatcher, turn, meant.id)
        choices = [phrase("service.choice", n=n) for n in range(1, len(found) + 1)]
        listed = "\n".join(phrase("guide.line", n=n, name=match.name) for n, match in enumerate(found, 1))
        dispatcher.utter_message(response="utter_guides", list=listed, buttons=buttons(*choices))
        return [
            SlotSet("last_results", [{"kind": "guide", "id": match.id} for match in found]),
            SlotSet("chosen_guide", None),
            SlotSet("chosen_service", None),
        ]


def meant_guide(found: list[GuideMatch]) -> GuideMatch | None:
    """The one guide that was meant: the only one, the one called by its name, or one far ahead of the others."""
    longest = max(match.named for match in found)
    named = [match for match in found if longest and match.named == longest]
    if len(named) == 1:
        return named[0]
    far_ahead = len(found) == 1 or found[0].score >= SURE * found[1].score
    return found[0] if far_ahead else None


async def show_guide(dispatcher: CollectingDispatcher, turn: Turn, guide_id: str) -> EventList:
    """The card of one guide."""
    try:
        guide = await turn.database.read(guides.get, guide_id)
    except NotFound:
        dispatcher.utter_message(response="utter_no_guide")
        return []
    dispatcher.utter_message(response="utter_guide", card=guide_card(guide))
    return [SlotSet("chosen_guide", guide.id), SlotSet("chosen_service", None)]
