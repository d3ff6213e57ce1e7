"""Psychological help short of a crisis: a warm first answer, a choice, and the referral."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.crisis import ask_gently
from actions.forms.form import EventList
from actions.phrases import phrase
from actions.tickets import iso_moment
from actions.turn import Turn
from bot.community import hotlines, referrals, self_help
from bot.community.referrals import ReferralDraft
from bot.community.taxonomy import category, is_category

DEFAULT_TOPIC = "other_psychology"


class OfferCounselling(Action):
    """Listens first, then offers: a counsellor, the hotline, something to read."""

    def name(self) -> str:
        return "action_offer_counselling"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> EventList:
        turn = Turn(tracker)
        topic = turn.category if turn.domain == "psychology" else turn.slot("topic") or DEFAULT_TOPIC
        if turn.triage.get("crisis") == "concern":
            return [SlotSet("topic", topic), *await ask_gently(turn, dispatcher)]
        dispatcher.utter_message(response=f"utter_counselling_{topic}")
        return [SlotSet("topic", topic)]


class Hotline(Action):
    """Numbers to call now, those that answer at this hour first; one that always answers stands beside."""

    def name(self) -> str:
        return "action_hotline"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> EventList:
        turn = Turn(tracker)
        topic = (
            turn.category if turn.category and is_category(turn.category) and turn.domain != "meta" else "psychology"
        )
        found = await turn.database.read(hotlines.for_topic, topic, now=turn.now, limit=4)
        listed = "\n".join(
            phrase("hotline.line", name=each.name, phone=each.phone, hours=each.hours_text) for each in found
        )
        dispatcher.utter_message(response="utter_hotlines", list=listed)
        return []


class SelfHelp(Action):
    """A short text to read, on the topic of the talk."""

    def name(self) -> str:
        return "action_self_help"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> EventList:
        turn = Turn(tracker)
        topic = turn.slot("topic")
        texts = await turn.database.read(self_help.for_topic, topic, limit=5) if topic else []
        texts += await turn.database.read(self_help.for_topic, DEFAULT_TOPIC, limit=5)
        read = turn.slot("texts_read") or []
        fresh = [text for text in texts if text.id not in read]
        if not fresh:
            dispatcher.utter_message(response="utter_no_self_help")
            return []
        dispatcher.utter_message(response="utter_self_help", title=fresh[0].title, body=fresh[0].body)
        return [SlotSet("texts_read", [*read, fresh[0].id])]


class SubmitReferral(Action):
    """Stores the request for a talk, if the resident agreed to that; otherwise nothing is kept."""

    def name(self) -> str:
        return "action_submit_referral_form"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> EventList:
        turn = Turn(tracker)
        if turn.slot("consent") != "yes":
            dispatcher.utter_message(response="utter_no_consent")
            return _forget()
        resident = await turn.resident()
        contact = turn.slot("contact") or {"way": "chat", "phone": None}
        called = turn.slot("called") or None
        when = turn.slot("preferred_time") or {}
        topic = turn.slot("topic") or DEFAULT_TOPIC
        draft = ReferralDraft(
            topic=topic if is_category(topic) and category(topic).domain == "psychology" else DEFAULT_TOPIC,
            resident_id=resident.id,
            sender_id=turn.sender_id,
            contact_way=contact["way"],
            contact=contact["phone"],
            consent_given=True,
            called=called,
            preferred_time_text=when.get("text"),
            preferred_from=iso_moment(when.get("iso")),
            anonymous=called is None,
        )
        key = f"{turn.sender_id}:{turn.slot('draft_id') or turn.key}"
        referral = await turn.database.run(referrals.request, draft, key=key, now=turn.now)
        dispatcher.utter_message(response="utter_referral_made", number=referral.number)
        return [SlotSet("last_referral", referral.number), SlotSet("draft_id", None), *_forget()]


def _forget() -> EventList:
    return [SlotSet(name, None) for name in ("consent", "called", "contact", "preferred_time", "confirmed")]
