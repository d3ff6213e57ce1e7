"""Talking about what was just shown: 「第二个」「那家几点关门」「要带什么」."""

from __future__ import annotations

import re
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.cards import asks_detail, detail, guide_detail, offers
from actions.catalogue import find, show_service
from actions.forms.form import EventList
from actions.guides import show_guide
from actions.turn import Turn
from bot.community import catalogue, guides

ORDINALS = {"一": 0, "二": 1, "两": 1, "三": 2, "四": 3, "五": 4} | {str(n + 1): n for n in range(5)}
BOOKING = ("约", "预约", "安排")
BARE_WISH = 4  # 「帮我找」 and the like hold no wish


class Choose(Action):
    """One of the things just shown: 「第二个」「上面那家」."""

    def name(self) -> str:
        return "action_choose"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> EventList:
        turn = Turn(tracker)
        shown = turn.slot("last_results") or []
        if not shown:
            return self._nothing(dispatcher, turn)
        if asks_detail(turn.text) and (turn.slot("chosen_service") or turn.slot("chosen_guide")):
            return await AskDetail().run(dispatcher, tracker, domain)
        item = shown[min(position(turn.text, len(shown)), len(shown) - 1)]
        if item["kind"] == "guide":
            return await show_guide(dispatcher, turn, item["id"])
        return await show_service(dispatcher, turn, item["id"])

    def _nothing(self, dispatcher: CollectingDispatcher, turn: Turn) -> EventList:
        """Nothing was shown: 「约一个」 after the offer of a talk means the talk; else ask what for."""
        if turn.slot("topic") and any(word in turn.text for word in BOOKING):
            return [FollowupAction("referral_form")]
        dispatcher.utter_message(response="utter_nothing_shown")
        return []


class AskDetail(Action):
    """A question about what was just shown: hours, phone, price, the way there."""

    def name(self) -> str:
        return "action_ask_detail"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> EventList:
        turn = Turn(tracker)
        if turn.slot("chosen_guide"):
            guide = await turn.database.read(guides.get, turn.slot("chosen_guide"))
            dispatcher.utter_message(response="utter_guide", card=guide_detail(guide, turn.text))
            return []
        chosen = turn.slot("chosen_service") or self._named(turn)
        if not chosen and turn.slot("last_results"):
            dispatcher.utter_message(response="utter_which_one")
            return []
        if not chosen:
            # Nothing was shown yet: the question may still name what it is about.
            return await find(dispatcher, turn) if len(turn.text) > BARE_WISH else self._nothing(dispatcher)
        if not asks_detail(turn.text):
            return await show_service(dispatcher, turn, chosen)
        service = await turn.database.read(catalogue.get, chosen, now=turn.now)
        answer = detail(service, turn.text)
        dispatcher.utter_message(response="utter_detail", name=service.name, answer=answer, buttons=offers(service))
        return [SlotSet("chosen_service", service.id)]

    def _named(self, turn: Turn) -> str | None:
        shown = [item["id"] for item in turn.slot("last_results") or [] if item["kind"] == "service"]
        return shown[min(position(turn.text, len(shown)), len(shown) - 1)] if shown else None

    def _nothing(self, dispatcher: CollectingDispatcher) -> EventList:
        dispatcher.utter_message(response="utter_nothing_shown")
        return []


def position(text: str, count: int) -> int:
    """Which of `count` things is meant, from 0; the first when the words don't say."""
    if re.search(r"最后|末尾|下面那", text):
        return count - 1
    found = re.search(r"(?:第|选|要|看)?\s*([一二两三四五1-5])", text)
    return ORDINALS[found[1]] if found else 0
