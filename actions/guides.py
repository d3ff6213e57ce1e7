"""How to apply for a public service: finding the guide and telling it."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.catalogue import show_guide
from actions.forms.form import EventList
from actions.phrases import buttons, lines, phrase
from actions.turn import Turn
from bot.community import guides
from bot.community.guides import GuideMatch, GuideView, Material

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
            return [SlotSet("last_wish", {"text": turn.text, "category": turn.category})]
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


def guide_card(guide: GuideView) -> str:
    """A guide in the order in which people ask: who, what to bring, where, when, how long, whom to call."""
    return lines(
        guide.name,
        phrase("guide.conditions", value="；".join(guide.conditions)) if guide.conditions else None,
        phrase("guide.materials", value=_materials(guide.materials)) if guide.materials else None,
        phrase("guide.where", value=guide.where),
        phrase("guide.hours", value=guide.hours_text) if guide.hours_text else None,
        phrase("guide.steps", value=" → ".join(guide.steps)) if guide.steps else None,
        phrase("guide.time_limit", value=guide.time_limit) if guide.time_limit else None,
        phrase("guide.fee", value=guide.fee) if guide.fee else None,
        phrase("guide.phone", value=guide.phone) if guide.phone else None,
        phrase("guide.on_behalf", value=guide.on_behalf) if guide.on_behalf else None,
        phrase("guide.online", value=guide.online_url) if guide.online_url else None,
    )


def _materials(materials: tuple[Material, ...]) -> str:
    return "".join(
        "\n" + phrase("guide.material_optional" if each.optional else "guide.material", name=each.name, note=each.note)
        for each in materials
    )
