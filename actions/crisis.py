"""The careful mode: the alarm for a human first, then what `bot.care` decides to say; it ends when staff close it."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActionReverted, ActiveLoop, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy.orm import Session

from actions import phrases
from actions.forms.form import REQUESTED, EventList
from actions.turn import Turn
from bot import care
from bot.community import crisis, hotlines, staff

MOST_HOTLINES = 20


class CrisisCare(Action):
    """Raises the alarm, or adds to it, with every message; then speaks."""

    def name(self) -> str:
        return "action_crisis_care"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> EventList:
        turn = Turn(tracker)
        careful = bool(turn.slot("careful_mode"))
        around = await turn.database.read(look_around, turn.sender_id, careful=careful, now=turn.now)
        reply = care.respond(turn.slot("care"), heard(turn), around)
        if reply.released:
            return [ActionReverted(), SlotSet("careful_mode", False), SlotSet("care", reply.state)]
        await raise_alarm(turn, reply)
        speak(dispatcher, reply)
        kept = [SlotSet("careful_mode", reply.careful), SlotSet("care", reply.state)]
        if reply.careful:
            return [*kept, ActiveLoop(None), SlotSet(REQUESTED, None)]
        # No danger after all: a form that runs asks its question again.
        return [*kept, FollowupAction(tracker.active_loop_name)] if tracker.active_loop_name else kept


async def ask_gently(turn: Turn, dispatcher: CollectingDispatcher) -> EventList:
    """Distress without a word of dying: staff are told, and one direct question is put (`care.ask_gently`)."""
    around = await turn.database.read(look_around, turn.sender_id, careful=False, now=turn.now)
    reply = care.ask_gently(turn.slot("care"), heard(turn), around)
    await raise_alarm(turn, reply)
    speak(dispatcher, reply)
    return [SlotSet("care", reply.state)]


def heard(turn: Turn) -> care.Heard:
    """The message as the care conversation reads it."""
    return care.Heard(
        text=turn.text,
        at=turn.now,
        level=str(turn.triage.get("crisis") or "none"),
        signs=turn.triage.get("crisis_signs") or {},
        intent=turn.intent,
        confidence=turn.confidence,
        has_picture=bool(turn.photos),
    )


def look_around(session: Session, sender_id: str, *, careful: bool, now: Any) -> care.Around:
    """Who has answered for the alarm, whether it is closed, and which numbers can be called now."""
    alarm = crisis.open_alarm(session, sender_id)
    answered_by = staff.get(session, alarm.acknowledged_by).name if alarm and alarm.acknowledged_by else None
    lines = {}
    for topic in ("crisis", "parenting_child", "grief_trauma", "relationship_family"):
        for line in hotlines.for_topic(session, topic, now=now, limit=MOST_HOTLINES):
            lines.setdefault(line.id, line)
    return care.Around(tuple(lines.values()), answered_by, careful=careful, closed=careful and alarm is None)


async def raise_alarm(turn: Turn, reply: care.Reply) -> None:
    await turn.database.run(
        crisis.raise_alarm,
        turn.sender_id,
        level=reply.level,
        text=turn.text,
        reasons=reply.reasons,
        third_person=reply.third_person,
        now=turn.now,
    )


def speak(dispatcher: CollectingDispatcher, reply: care.Reply) -> None:
    """The texts in order; the quick replies stand under the last one."""
    for text in reply.texts[:-1]:
        dispatcher.utter_message(text=text)
    dispatcher.utter_message(text=reply.texts[-1], buttons=phrases.buttons(*reply.buttons))
