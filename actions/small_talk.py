"""Greetings, repetition, and what the bot does when it does not understand."""

from __future__ import annotations

import re
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.cards import asks_detail
from actions.emergencies import Inform
from actions.forms.form import EventList
from actions.forms.noted import NOTED, note
from actions.forms.second_problem import problem_of
from actions.handoff import UNDERSTOOD_NOTHING, AskHuman
from actions.phrases import buttons, phrase
from actions.session import INTRODUCED_BY_THE_PAGE
from actions.shown import AskDetail
from actions.topics import Resume
from actions.turn import Turn
from bot.community import places, residents
from bot.community.clock import LOCAL
from bot.community.taxonomy import label

DETAIL_LENGTH = 15  # a longer message is no mere question about what was shown
MISSING = ("action_not_understood", "action_unexpected_answer")
# domains whose topics are offered to choose from
GUESSED = ("property", "convenience", "public_service", "safety", "engagement")
WORTH_ASKING = 0.06
CHINESE = re.compile(r"[\u4e00-\u9fff]")
FEW_LETTERS = 6
# hour of the day from which on a greeting is right
GREETINGS = ((5, "morning"), (11, "noon"), (13, "afternoon"), (18, "evening"), (23, "night"))


class Greet(Action):
    """A greeting for the time of day; the first one says that this is a program and how to reach a human."""

    def name(self) -> str:
        return "action_greet"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> EventList:
        turn = Turn(tracker)
        greeting = phrase(f"greeting.{time_of_day(turn.now.astimezone(LOCAL).hour)}")
        if just_introduced(tracker):
            dispatcher.utter_message(response="utter_how_can_i_help")
        else:
            introduced = bool(turn.slot("introduced"))
            dispatcher.utter_message(response="utter_greet" if introduced else "utter_introduce", greeting=greeting)
        return [SlotSet("introduced", True)]


def just_introduced(tracker: Tracker) -> bool:
    """Whether the session began with this very message, and with the bot's name."""
    since_session = 0
    for event in reversed(tracker.events):
        if event.get("event") == "session_started":
            return since_session == 1 and not str(tracker.sender_id).startswith(INTRODUCED_BY_THE_PAGE)
        since_session += event.get("event") == "user"
    return False


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
        if is_detail(turn):
            return await AskDetail().run(dispatcher, tracker, domain)
        if is_wordless(turn):
            return await Wordless().run(dispatcher, tracker, domain)
        noted = await note(turn)
        if "place" in noted and turn.slot("emergency_ticket"):
            return await Inform().run(dispatcher, tracker, domain)
        if turn.domain == "property" and "place" in noted:
            # Unsure, but with an address: the form's summary shows what was understood.
            return [SlotSet(NOTED, {**noted, "problem": problem_of(turn)}), FollowupAction("property_form")]
        if turn.domain == "property":
            noted["problem"] = problem_of(turn)
        return [SlotSet(NOTED, noted), *await self._ask_again(dispatcher, turn, domain)]

    async def _ask_again(self, dispatcher: CollectingDispatcher, turn: Turn, domain: dict[str, Any]) -> EventList:
        times = (float(turn.slot("not_understood") or 0) if missed_before(turn.tracker) else 0) + 1
        if times >= UNDERSTOOD_NOTHING:
            dispatcher.utter_message(response="utter_not_understood_again")
            return await Misunderstood().run(dispatcher, turn.tracker, domain)
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


class OutOfScope(Action):
    """Not our business: said once; a sticker is no question, and a foreign language is answered in two."""

    def name(self) -> str:
        return "action_out_of_scope"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> EventList:
        turn = Turn(tracker)
        if is_wordless(turn):
            return await Wordless().run(dispatcher, tracker, domain)
        foreign = len(re.findall(r"[A-Za-z]", turn.text)) > FEW_LETTERS and not CHINESE.search(turn.text)
        dispatcher.utter_message(response="utter_foreign_language" if foreign else "utter_out_of_scope")
        return []


class Wordless(Action):
    """A photo, a place, an emoji without a word."""

    def name(self) -> str:
        return "action_wordless"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> EventList:
        turn = Turn(tracker)
        if turn.attachments:
            return await Inform().run(dispatcher, tracker, domain)
        dispatcher.utter_message(response="utter_listening")
        return []


def is_wordless(turn: Turn) -> bool:
    """Whether a message holds no letter, digit or question mark: a photo, emoji, dots."""
    return not re.search(r"[\w?？]", turn.text)


def is_detail(turn: Turn) -> bool:
    """A short question about what was just shown."""
    shown = turn.slot("chosen_guide") or turn.slot("chosen_service") or turn.slot("last_results")
    return bool(shown) and len(turn.text) <= DETAIL_LENGTH and asks_detail(turn.text)


def missed_before(tracker: Tracker) -> bool:
    """Whether the message before this one was not understood either: only misses in a row add up."""
    messages = 0
    for event in reversed(tracker.events):
        messages += event.get("event") == "user"
        if messages == 2:
            return False
        if messages == 1 and event.get("event") == "action" and event.get("name") in MISSING:
            return True
    return False


def likely(turn: Turn) -> list[str]:
    """Names of up to three things that the message may well be about; danger and grief are not guessed at."""
    readings = [turn.triage, *(turn.triage.get("alternatives") or [])]
    names = [
        label(each["category"])
        for each in readings
        if each.get("category")
        and each.get("domain") in GUESSED
        and each["category"] != "emergency"
        and float(each.get("confidence") or 0) >= WORTH_ASKING
    ]
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
            dispatcher.utter_message(response="utter_listening" if turn.intent == "affirm" else "utter_ok")
            return [SlotSet("paused_forms", None)]
        return await NotUnderstood().run(dispatcher, tracker, domain)
