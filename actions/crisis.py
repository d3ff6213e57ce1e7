"""The crisis path: a warm answer, numbers, an alarm for a human, and a careful mode that never goes mute."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.forms.form import REQUESTED, EventList
from actions.turn import Turn
from bot.community import crisis


class CrisisCare(Action):
    """Raises the alarm, then speaks."""

    def name(self) -> str:
        return "action_crisis_care"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> EventList:
        turn = Turn(tracker)
        signs = turn.triage.get("crisis_signs") or {}
        await turn.database.run(
            crisis.raise_alarm,
            turn.sender_id,
            level="crisis",
            text=turn.text,
            reasons=list(signs.get("reasons") or ["careful_mode"]),
            third_person=bool(signs.get("third_person")),
            now=turn.now,
        )
        dispatcher.utter_message(response="utter_crisis_first" if not turn.slot("careful_mode") else "utter_crisis_stay")
        return [SlotSet("careful_mode", True), ActiveLoop(None), SlotSet(REQUESTED, None)]
