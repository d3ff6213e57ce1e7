"""Moving between topics: leaving a form, putting it aside for another one, and coming back to it."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.forms import addresses
from actions.forms.form import REQUESTED, EventList, form_named
from actions.forms.second_problem import problem_of, set_aside
from actions.phrases import buttons, phrase
from actions.turn import Turn
from bot.community import disturbances

# Which form a wish starts; None: the intent's category decides.
FORM_OF_INTENT = {
    "report_property": "property_form",
    "book_service": "booking_form",
    "book_counselling": "referral_form",
    "ask_callback": "callback_form",
}
FORM_OF_CATEGORY = {"volunteer_need": "volunteer_form", "deliberation": "suggestion_form"}


def form_for(turn: Turn) -> str | None:
    """The form that this message wants, if any."""
    return FORM_OF_INTENT.get(turn.intent) or FORM_OF_CATEGORY.get(str(turn.category))


class LeaveForm(Action):
    """Ends a form without a ticket; what was said is kept for a while, should the resident come back to it."""

    def name(self) -> str:
        return "action_leave_form"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> EventList:
        turn = Turn(tracker)
        if turn.slot("known_disturbance"):
            resident = await turn.resident()
            await turn.database.run(disturbances.join, turn.slot("known_disturbance"), resident.id, now=turn.now)
            dispatcher.utter_message(response="utter_disturbance_joined")
            return [SlotSet("known_disturbance", None), ActiveLoop(None), SlotSet(REQUESTED, None)]
        dispatcher.utter_message(response="utter_left_form")
        return [*put_aside(turn), ActiveLoop(None), SlotSet(REQUESTED, None)]


class SwitchTopic(Action):
    """Another wish that needs a form of its own: the present one waits."""

    def name(self) -> str:
        return "action_switch_topic"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> EventList:
        turn = Turn(tracker)
        wanted = form_for(turn)
        dispatcher.utter_message(response="utter_topic_put_aside")
        events = [*put_aside(turn), ActiveLoop(None), SlotSet(REQUESTED, None)]
        return [*events, FollowupAction(wanted)] if wanted else events


class Resume(Action):
    """Takes up the form that was put aside last."""

    def name(self) -> str:
        return "action_resume"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> EventList:
        turn = Turn(tracker)
        waiting = list(turn.slot("paused_forms") or [])
        if not waiting:
            dispatcher.utter_message(response="utter_nothing_to_resume")
            return []
        last = waiting.pop()
        events = [SlotSet(name, value) for name, value in last["slots"].items()]
        dispatcher.utter_message(response="utter_resumed", topic=topic_name(last))
        return [*events, SlotSet("paused_forms", waiting), SlotSet("resumed", True), FollowupAction(last["form"])]


class OfferResume(Action):
    """After a topic is done: is there one that waits?"""

    def name(self) -> str:
        return "action_offer_resume"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> EventList:
        waiting = Turn(tracker).slot("paused_forms") or []
        if waiting:
            offer_resume(dispatcher, waiting)
        return []


def offer_resume(dispatcher: CollectingDispatcher, waiting: list[dict[str, Any]]) -> None:
    """Ask whether to go on with the topic that waits on top."""
    choices = buttons(phrase("offer.resume"), phrase("offer.drop"))
    dispatcher.utter_message(response="utter_offer_resume", topic=topic_name(waiting[-1]), buttons=choices)


class NoteSecondProblem(Action):
    """Another problem while one is being reported: it waits, and is offered afterwards."""

    def name(self) -> str:
        return "action_note_second_problem"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> EventList:
        turn = Turn(tracker)
        dispatcher.utter_message(response="utter_aside_second_problem")
        place = await addresses.read(turn) or None
        return [SlotSet("paused_forms", set_aside(turn.slot("paused_forms"), problem_of(turn), place=place))]


def topic_name(waiting: dict[str, Any]) -> str:
    """What a waiting topic is called; a report by its problem."""
    name = phrase(f"topic.{waiting['form']}")
    problem = waiting["slots"].get("problem")
    return phrase("topic.problem", topic=name, problem=problem["gist"][:20]) if problem else name


def put_aside(turn: Turn) -> EventList:
    """Remember the active form's values on the stack, unless there are none."""
    name = str((turn.tracker.active_loop or {}).get("name") or "")
    if not name:
        return []
    slots = {**form_named(name).draft(turn), "draft_id": turn.slot("draft_id"), "photos": turn.slot("photos")}
    if not any(value for key, value in slots.items() if key != "draft_id"):
        return []
    others = [each for each in turn.slot("paused_forms") or [] if each["form"] != name]
    return [SlotSet("paused_forms", [*others, {"form": name, "slots": {**slots, "confirmed": None}}][-3:])]
