"""The start of a session: who is speaking here, and what was left half done the last time."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActionExecuted, SessionStarted, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.forms.form import REQUESTED, EventList
from actions.phrases import buttons, phrase
from actions.topics import put_aside
from actions.turn import Turn

# The web page introduces the bot before anybody has written.
INTRODUCED_BY_THE_PAGE = "web:"
METADATA_SLOT = "session_started_metadata"


class StartSession(Action):
    """Says once that this is a program and where the human is; offers to go on with a form of the last session.

    In danger neither is said: the first words belong to the resident (the intake marks such a message).
    """

    def name(self) -> str:
        return "action_session_start"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> EventList:
        turn = Turn(tracker)
        set_aside = {event["name"]: event["value"] for event in put_aside(turn)}
        in_danger = (turn.slot(METADATA_SLOT) or {}).get("in_danger") or turn.slot("careful_mode")
        if not in_danger:
            self._speak(dispatcher, turn, set_aside)
        kept = {name: value for name, value in tracker.slots.items() if value is not None}
        kept |= set_aside | {REQUESTED: None, "introduced": True}
        events = [SlotSet(name, value) for name, value in kept.items()]
        return [SessionStarted(), *events, ActionExecuted("action_listen")]

    def _speak(self, dispatcher: CollectingDispatcher, turn: Turn, set_aside: dict[str, Any]) -> None:
        if not turn.slot("introduced") and not turn.sender_id.startswith(INTRODUCED_BY_THE_PAGE):
            dispatcher.utter_message(response="utter_introduce_shortly")
        elif set_aside:
            topic = phrase(f"topic.{set_aside['paused_forms'][-1]['form']}")
            choices = buttons(phrase("offer.resume"), phrase("offer.drop"))
            dispatcher.utter_message(response="utter_offer_resume", topic=topic, buttons=choices)
