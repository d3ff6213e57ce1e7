"""How every form behaves: fill from any message, correct, skip, go back, propose what is known, confirm.

A form of ours is a Rasa form whose validation action is a ResidentForm: a name and a tuple of fields. Rasa keeps the
loop; this class decides what the message filled and what to ask next. A message that fills nothing and asks something
else is rejected, so that the rules in data/rules.yml answer it and come back. See docs/forms.md for adding one.
"""

from __future__ import annotations

import uuid
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActionExecutionRejected, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.forms.fields import SKIPPED, Draft, Field
from actions.forms.noted import NOTED, noted_draft
from actions.phrases import phrase
from actions.turn import Turn
from bot.community.errors import InvalidValue
from bot.community.residents import ResidentView

REQUESTED = "requested_slot"
CONFIRMED = "confirmed"
# What a form answers itself; any other intent that fills nothing is a side question.
OWN_INTENTS = {"inform", "correct", "skip", "go_back", "affirm", "deny", "nlu_fallback", "choose"}
PATIENCE = 2  # so many messages that say nothing we understand, then the ways out are offered

EventList = list[dict[str, Any]]


@dataclass
class Step:
    """What one message does to the draft. asked is None when the form starts."""

    draft: Draft
    asked: Field | None
    updates: Draft = field(default_factory=dict)
    handled: bool = False  # answered with words, though nothing was filled

    def merged(self) -> Draft:
        return {**self.draft, **self.updates}

    def idle(self) -> bool:
        return not self.updates and not self.handled


class ResidentForm(Action, ABC):
    """Base of the forms; subclasses say `form` and `fields`, the last of which is usually ConfirmField."""

    fields: tuple[Field, ...] = ()

    @property
    @abstractmethod
    def form(self) -> str:
        """The name of the Rasa form."""

    def name(self) -> str:
        return f"validate_{self.form}"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> EventList:
        turn = Turn(tracker)
        if self._asked(tracker) and came_back(tracker, self.form):
            return [SlotSet(REQUESTED, self.next_field(self.draft(turn)))]
        step = self._begin(turn)
        await self._fill(turn, step, dispatcher)
        if step.asked and step.idle():
            await self._react(turn, step, step.asked, dispatcher)
            if step.idle() and turn.intent not in OWN_INTENTS:
                return [ActionExecutionRejected(self.form)]
            if step.idle():
                self._miss(turn, step, step.asked, dispatcher)
        step.updates |= await self.notice(turn, step, dispatcher)
        if step.handled:
            # Rasa takes a form that sets no slot as one that rejects the message, and would drop what was said.
            step.updates.setdefault("misses", 0.0)
        events = [SlotSet(name, value) for name, value in step.updates.items()]
        return [*events, SlotSet(REQUESTED, self.next_field(step.merged()))]

    async def notice(self, turn: Turn, step: Step, dispatcher: CollectingDispatcher) -> Draft:
        """Something the resident should know before going on; returns slots to set. Nothing by default."""
        return {}

    def draft(self, turn: Turn) -> Draft:
        """The values that the form has so far, by field name."""
        return {each.name: turn.slot(each.name) for each in self.fields}

    def next_field(self, draft: Draft) -> str | None:
        """The first field that is wanted and not complete; None when the form is full."""
        for each in self.fields:
            if each.wanted(draft) and draft.get(each.name) != SKIPPED and not each.complete(draft):
                return each.name
        return None

    def field(self, name: str | None) -> Field | None:
        return next((each for each in self.fields if each.name == name), None)

    def _asked(self, tracker: Tracker) -> Field | None:
        """The field that was asked for last; None when the form only starts."""
        running = (tracker.active_loop or {}).get("name") == self.form
        return self.field(tracker.get_slot(REQUESTED)) if running else None

    def _begin(self, turn: Turn) -> Step:
        """The draft before this message. A form that starts forgets what an older one held; a resumed one keeps it."""
        asked = self._asked(turn.tracker)
        if asked is None and not turn.slot("resumed"):
            empty: Draft = {each.name: None for each in self.fields}
            fresh: Draft = {
                "draft_id": uuid.uuid4().hex,
                "misses": 0.0,
                "photos": None,
                "known_disturbance": None,
            }
            known = noted_draft(turn.slot(NOTED), self.fields)
            return Step({"starting": True}, None, empty | fresh | known | {NOTED: None})
        step = Step(self.draft(turn), asked)
        if asked is None:
            step.updates["resumed"] = None
        return step

    async def _fill(self, turn: Turn, step: Step, dispatcher: CollectingDispatcher) -> None:
        """Let each field read the message; photos are welcome at any time."""
        for each in self.fields:
            before = step.merged().get(each.name)
            try:
                value = await each.read(turn, step.merged(), asked=each is step.asked)
            except InvalidValue as error:
                dispatcher.utter_message(response=f"utter_invalid_{error.field}")
                step.handled = True
                continue
            if value is None or value == before:
                continue
            if step.asked and each is not step.asked and before not in (None, SKIPPED) and each.changes(before, value):
                dispatcher.utter_message(response="utter_corrected", value=each.shown(value))
            step.updates[each.name] = value
        if turn.photos:
            step.updates["photos"] = [*(turn.slot("photos") or []), *turn.photos]
            if step.asked:
                dispatcher.utter_message(response="utter_photo_received")

    async def _react(self, turn: Turn, step: Step, asked: Field, dispatcher: CollectingDispatcher) -> None:
        """Skip, go back, accept what was proposed, or ask what is wrong."""
        if turn.intent == "go_back":
            step.updates |= self._emptied_before(step.draft, asked)
            step.handled = True
        elif turn.intent == "affirm":
            await self._agree(turn, step, asked, dispatcher)
        elif turn.intent == "correct" or (turn.intent in ("deny", "ticket_amend") and asked.name == CONFIRMED):
            dispatcher.utter_message(response="utter_ask_what_to_change")
            step.handled = True
        elif turn.intent in ("skip", "deny"):
            value = asked.give_up(step.draft)
            if value is not None:
                step.updates[asked.name] = value
            elif turn.intent == "skip":
                dispatcher.utter_message(response="utter_cannot_skip")
                step.handled = True

    async def _agree(self, turn: Turn, step: Step, asked: Field, dispatcher: CollectingDispatcher) -> None:
        """Yes to what was proposed. Yes to an open question: it is put once more, then an optional one is let go."""
        proposal = await proposed(asked, turn, step.draft, await turn.resident())
        if proposal is not None:
            step.updates[asked.name] = proposal
        elif turn.slot("misses") and asked.give_up(step.draft) is not None:
            step.updates |= {asked.name: asked.give_up(step.draft), "misses": 0.0}
        else:
            dispatcher.utter_message(response="utter_form_go_on")
            step.updates["misses"] = float(turn.slot("misses") or 0) + 1

    def _emptied_before(self, draft: Draft, asked: Field) -> Draft:
        """The last filled field before the one asked for, emptied so that it is asked for again."""
        before = self.fields[: self.fields.index(asked)]
        filled = next((each for each in reversed(before) if draft.get(each.name) is not None), None)
        return {filled.name: None} if filled else {}

    def _miss(self, turn: Turn, step: Step, asked: Field, dispatcher: CollectingDispatcher) -> None:
        """Nothing was understood: ask again; from the second time on with the ways out."""
        misses = float(turn.slot("misses") or 0) + 1
        step.updates["misses"] = misses
        dispatcher.utter_message(response="utter_form_ways_out" if misses >= PATIENCE else "utter_form_not_understood")


class AskField(Action, ABC):
    """Asks for one field of whatever form is active: with what is known as a proposal, else with a question."""

    @property
    @abstractmethod
    def slot(self) -> str:
        """The field's name."""

    def name(self) -> str:
        return f"action_ask_{self.slot}"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> EventList:
        turn = Turn(tracker)
        form = form_named(str((tracker.active_loop or {}).get("name")))
        draft = form.draft(turn)
        asked = form.field(self.slot)
        if asked is None or asked.name == CONFIRMED:
            dispatcher.utter_message(response=f"utter_summary_{form.form}", **summary(form, draft))
            return []
        proposal = None if turn.slot("misses") else await proposed(asked, turn, draft, await turn.resident())
        if proposal is not None:
            dispatcher.utter_message(response="utter_propose", value=asked.shown(proposal))
        else:
            dispatcher.utter_message(response=f"utter_ask_{asked.question(draft)}")
        return []


async def proposed(asked: Field, turn: Turn, draft: Draft, resident: ResidentView) -> Any:
    """What is known from before and may stand for the field, with what was said of it now; None if there is nothing."""
    if not asked.open_to_proposal(draft.get(asked.name)):
        return None
    known = await asked.proposal(turn, resident)
    return None if known is None else asked.joined(known, draft.get(asked.name))


def came_back(tracker: Tracker, form: str) -> bool:
    """Whether the form runs again after another action answered a side question: the message is not for it."""
    for event in reversed(tracker.events):
        if event.get("event") == "user":
            return False
        if event.get("event") == "action" and event.get("name") not in (form, "action_listen", "action_extract_slots"):
            return True
    return False


def form_named(name: str) -> ResidentForm:
    """The form of that name. Raises KeyError."""
    from rasa_sdk.utils import all_subclasses

    return {form.form: form for form in all_subclasses(ResidentForm)}[name]()  # type: ignore[attr-defined]


def summary(form: ResidentForm, draft: Draft) -> dict[str, str]:
    """The fields of a form as its summary shows them, by field name."""
    shown = {}
    for each in form.fields:
        value = draft.get(each.name)
        if value not in (None, SKIPPED):
            shown[each.name] = each.shown(value)
        else:
            shown[each.name] = phrase("form.not_given" if each.wanted(draft) else "form.not_needed")
    return shown
