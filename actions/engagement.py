"""Taking part (五社联动) and help with disputes: the catalogue, a form or a number, as the wish asks for."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import FollowupAction
from rasa_sdk.executor import CollectingDispatcher

from actions.catalogue import find
from actions.forms.form import EventList
from actions.psychology import Hotline
from actions.topics import form_for
from actions.turn import Turn


class TakePart(Action):
    """Volunteers, suggestions, party activities, donations."""

    def name(self) -> str:
        return "action_take_part"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> EventList:
        turn = Turn(tracker)
        wanted = form_for(turn)
        if wanted and not tracker.active_loop.get("name"):
            return [FollowupAction(wanted)]
        return await find(dispatcher, turn)


class SafetyHelp(Action):
    """Mediation, police matters, consumer and labour disputes: whom to call, and who helps near home."""

    def name(self) -> str:
        return "action_safety_help"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> EventList:
        turn = Turn(tracker)
        await Hotline().run(dispatcher, tracker, domain)
        return await find(dispatcher, turn)
