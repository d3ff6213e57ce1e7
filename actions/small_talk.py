"""Greetings, repetition, and what the bot does when it does not understand."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.forms.form import EventList
from actions.handoff import UNDERSTOOD_NOTHING, AskHuman
from actions.phrases import buttons, phrase
from actions.topics import Resume
from actions.turn import Turn
from bot.community import places, residents
from bot.community.clock import LOCAL
from bot.community.taxonomy import label

# hour of the day from which on a greeting is right
GREETINGS = ((5, "morning"), (11, "noon"), (13, "afternoon"), (18, "evening"), (23, "night"))


class Greet(Action):
    """A greeting for the time of day; the first one says that this is a program and how to reach a human."""

    def name(self) -> str:
        return "action_greet"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> EventList:
        turn = Turn(tracker)
        greeting = phrase(f"greeting.{time_of_day(turn.now.astimezone(LOCAL).hour)}")
        introduced = bool(turn.slot("introduced"))
        dispatcher.utter_message(response="utter_greet" if introduced else "utter_introduce", greeting=greeting)
        return [SlotSet("introduced", True)]


def time_of_day(hour: int) -> str:
    return next((name for start, name in reversed(GREETINGS) if hour >= start), "night")


class Repeat(Action):
    """Says the last message once more, with the ways to make it easier."""

    def name(self) -> str:
        return "action_repeat"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> EventList:
        said = [event["text"] for event in tracker.events if event.get("event") == "bot" and event.get("text")]
        if said:
            dispatcher.utter_message(response="utter_repeat", text=said[-1])
        else:
            dispatcher.utter_message(response="utter_ask_help")
        return []


class NotUnderstood(Action):
    """First: please say it again; second: choices; third: a human."""

    def name(self) -> str:
        return "action_not_understood"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> EventList:
        turn = Turn(tracker)
        times = float(turn.slot("not_understood") or 0) + 1
        if times >= UNDERSTOOD_NOTHING:
            dispatcher.utter_message(response="utter_not_understood_again")
            return await Misunderstood().run(dispatcher, tracker, domain)
        choices = likely(turn)
        if choices:
            dispatcher.utter_message(response="utter_clarify", buttons=buttons(*choices))
        else:
            dispatcher.utter_message(response="utter_not_understood")
        return [SlotSet("not_understood", times)]


class Misunderstood(AskHuman):
    """The hand-over after too many failures."""

    reason = "misunderstood"

    def name(self) -> str:
        return "action_misunderstood"


def likely(turn: Turn) -> list[str]:
    """Names of up to three things that the message may be about."""
    readings = [turn.triage, *(turn.triage.get("alternatives") or [])]
    names = [label(each["category"]) for each in readings if each.get("category") and each.get("domain") != "meta"]
    return list(dict.fromkeys(names))[:3]


class SetCommunity(Action):
    """Remembers which community the resident lives in."""

    def name(self) -> str:
        return "action_set_community"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> EventList:
        turn = Turn(tracker)
        resident = await turn.resident()
        compounds = await turn.database.read(places.match_compound, turn.text, limit=1)
        communities = await turn.database.read(places.match_community, turn.text, limit=1)
        if compounds and compounds[0].exact:
            found = {"compound_id": compounds[0].id, "community_id": compounds[0].community_id}
            name = compounds[0].name
        elif communities and communities[0].exact:
            found, name = {"community_id": communities[0].id}, communities[0].name
        else:
            known = await turn.database.read(places.communities)
            dispatcher.utter_message(
                response="utter_which_community", buttons=buttons(*(each.name for each in known[:5]))
            )
            return []
        await turn.database.run(residents.remember, resident.id, **found)
        dispatcher.utter_message(response="utter_community_set", name=name)
        return []


class UnexpectedAnswer(Action):
    """A short answer to no question that we know of; 「好」 after the offer to resume takes up what waits."""

    def name(self) -> str:
        return "action_unexpected_answer"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> EventList:
        turn = Turn(tracker)
        if turn.intent == "affirm" and turn.slot("paused_forms"):
            return await Resume().run(dispatcher, tracker, domain)
        if turn.intent in ("affirm", "deny"):
            dispatcher.utter_message(response="utter_what_can_i_do" if turn.intent == "affirm" else "utter_ok")
            return [SlotSet("paused_forms", None)]
        return await NotUnderstood().run(dispatcher, tracker, domain)
