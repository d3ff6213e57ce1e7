"""A question in the middle of a form: answered by whoever answers it elsewhere; the form's rule then asks again."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.catalogue import AskDetail, FindService, ShowMore
from actions.engagement import SafetyHelp, TakePart
from actions.forms.form import EventList
from actions.guides import FindGuide
from actions.handoff import AskHuman, CallAnger
from actions.psychology import Hotline, OfferCounselling, SelfHelp
from actions.small_talk import Repeat, SetCommunity
from actions.tickets import AmendTicket, CancelTicket, RateTicket, TicketStatus
from actions.turn import Turn

ANSWERING: dict[str, type[Action]] = {
    "find_service": FindService,
    "ask_guide": FindGuide,
    "ask_detail": AskDetail,
    "more": ShowMore,
    "seek_safety_help": SafetyHelp,
    "take_part": TakePart,
    "seek_counselling": OfferCounselling,
    "self_help": SelfHelp,
    "ask_hotline": Hotline,
    "ask_human": AskHuman,
    "bot_complaint": CallAnger,
    "ticket_status": TicketStatus,
    "ticket_amend": AmendTicket,
    "ticket_cancel": CancelTicket,
    "ticket_rate": RateTicket,
    "set_community": SetCommunity,
    "repeat": Repeat,
}
# Answered with one response, without looking anything up.
SAYING = {
    "greet": "utter_aside_greet",
    "thanks": "utter_aside_thanks",
    "goodbye": "utter_aside_goodbye",
    "ask_help": "utter_ask_help",
    "ask_identity": "utter_ask_identity",
    "ask_privacy": "utter_privacy",
    "out_of_scope": "utter_out_of_scope",
    "report_property": "utter_aside_second_problem",
}


class AnswerAside(Action):
    """Dispatches by intent; what would start or end a form is left out, since one is running."""

    def name(self) -> str:
        return "action_answer_aside"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> EventList:
        intent = Turn(tracker).intent
        if intent in ANSWERING:
            events = await ANSWERING[intent]().run(dispatcher, tracker, domain)
            return [event for event in events if event.get("event") == "slot"]
        dispatcher.utter_message(response=SAYING.get(intent, "utter_form_not_understood"))
        return []
