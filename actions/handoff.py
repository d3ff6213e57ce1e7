"""Calling a human: at any time, in the same place, without argument."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.forms.form import EventList
from actions.turn import Turn
from bot.community import handoff

UNDERSTOOD_NOTHING = 3  # the third failure in a row offers a human


class AskHuman(Action):
    """Puts the conversation in the desk's queue and says where it stands."""

    reason = "wish"

    def name(self) -> str:
        return "action_ask_human"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> EventList:
        turn = Turn(tracker)
        place = await turn.database.run(handoff.request, turn.sender_id, reason=self.reason, now=turn.now)
        if place.in_hours:
            dispatcher.utter_message(
                response="utter_handoff", position=place.position, minutes=max(place.expected_wait_minutes, 1)
            )
        else:
            dispatcher.utter_message(response="utter_handoff_out_of_hours")
        return [SlotSet("not_understood", 0.0)]


class StopWaiting(Action):
    """A human after all not: the desk is told."""

    def name(self) -> str:
        return "action_stop_waiting"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> EventList:
        turn = Turn(tracker)
        await turn.database.run(handoff.withdraw, turn.sender_id, now=turn.now)
        dispatcher.utter_message(response="utter_no_longer_waiting")
        return []


class CallAnger(AskHuman):
    """Somebody is angry with the bot: apologise once and call a human."""

    reason = "anger"

    def name(self) -> str:
        return "action_bot_complaint"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> EventList:
        dispatcher.utter_message(response="utter_sorry_for_bot")
        return await super().run(dispatcher, tracker, domain)
