"""Tickets in the chat: opening them from a form, telling how they stand, and what residents may do with them."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from datetime import datetime
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.forms.form import EventList
from actions.phrases import buttons, lines, phrase
from actions.turn import Turn
from bot.community import residents, ticket_lists, ticket_requests, tickets
from bot.community.clock import LOCAL
from bot.community.errors import InvalidTransition, NotAllowed, NotFound, TooOften
from bot.community.taxonomy import label
from bot.community.tickets import TicketDraft, TicketView

STARS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5} | {str(n): n for n in range(1, 6)}
SATISFIED = ("满意", "很好", "不错", "好评", "点赞")
UNSATISFIED = ("不满意", "没修好", "没解决", "又坏", "还是漏", "重新", "重办", "返工", "敷衍", "差评")
URGING = ("催", "快点", "快一点", "加急", "尽快", "抓紧", "等不及", "怎么还")


class OpenTicket(Action):
    """Opens the ticket of the form that was just filled; the same draft opens one ticket, however often it is sent."""

    form = ""
    category = "other_convenience"

    def name(self) -> str:
        return f"action_submit_{self.form}" if self.form else "action_submit"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> EventList:
        turn = Turn(tracker)
        resident = await turn.resident()
        draft = self.draft(turn, resident)
        key = f"{turn.sender_id}:{turn.slot('draft_id') or turn.key}"
        ticket = await turn.database.run(tickets.open_ticket, draft, key=key, now=turn.now)
        await turn.database.run(_remember, resident.id, draft)
        dispatcher.utter_message(
            response="utter_ticket_opened", number=ticket.number, promise=promise(ticket), handler=handler(ticket)
        )
        return [SlotSet("last_ticket", ticket.number), SlotSet("draft_id", None), *_cleared()]

    def draft(self, turn: Turn, resident: residents.ResidentView) -> TicketDraft:
        """The ticket to open, from the slots of the form."""
        place = turn.slot("place") or {}
        when = turn.slot("available") or turn.slot("booking_time") or {}
        return TicketDraft(
            category=self.category_of(turn),
            description=self.description(turn),
            resident_id=resident.id,
            sender_id=turn.sender_id,
            community_id=place.get("community_id") or resident.community_id,
            compound_id=place.get("compound_id"),
            compound_text=place.get("compound"),
            building=place.get("building"),
            unit=place.get("unit"),
            room=place.get("room"),
            public_place=place.get("public_place"),
            name=turn.slot("called") or resident.name,
            phone=turn.slot("phone") or None,
            available_text=when.get("text"),
            available_from=iso_moment(when.get("iso")),
            available_to=iso_moment(when.get("end")),
            urgency=self.urgency(turn),
            photos=turn.slot("photos") or [],
        )

    def category_of(self, turn: Turn) -> str:
        return self.category

    def description(self, turn: Turn) -> str:
        return str(turn.slot("wish") or "")

    def urgency(self, turn: Turn) -> str:
        return "routine"


class SubmitProperty(OpenTicket):
    form = "property_form"

    def category_of(self, turn: Turn) -> str:
        return str((turn.slot("problem") or {}).get("category") or "other_property")

    def description(self, turn: Turn) -> str:
        return str((turn.slot("problem") or {}).get("text") or "")

    def urgency(self, turn: Turn) -> str:
        return str((turn.slot("problem") or {}).get("urgency") or "routine")


class SubmitBooking(OpenTicket):
    form = "booking_form"

    def category_of(self, turn: Turn) -> str:
        return str((turn.slot("service") or {}).get("category") or self.category)

    def description(self, turn: Turn) -> str:
        service = (turn.slot("service") or {}).get("name", "")
        return phrase("ticket.booking", service=service, wish=turn.slot("wish") or phrase("form.not_given"))


class SubmitVolunteer(OpenTicket):
    form = "volunteer_form"
    category = "volunteer_need"


class SubmitSuggestion(OpenTicket):
    form = "suggestion_form"
    category = "deliberation"


class SubmitCallback(OpenTicket):
    form = "callback_form"
    category = "other_public"

    def description(self, turn: Turn) -> str:
        return phrase("ticket.callback", wish=turn.slot("wish") or phrase("form.not_given"))


class TicketStatus(Action):
    """How a ticket stands: the one whose number was said, else the resident's own, newest first."""

    def name(self) -> str:
        return "action_ticket_status"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> EventList:
        turn = Turn(tracker)
        resident = await turn.resident()
        number = turn.entities.get("ticket")
        if number:
            return await self._one(dispatcher, turn, resident.id, number)
        own = await turn.database.read(ticket_lists.list_own, resident.id, open_only=False, limit=5)
        if not own:
            dispatcher.utter_message(response="utter_no_tickets")
            return []
        if len(own) == 1 or turn.slot("last_ticket") == own[0].number:
            return await self._one(dispatcher, turn, resident.id, own[0].number)
        listed = "\n".join(brief(ticket) for ticket in own)
        dispatcher.utter_message(
            response="utter_own_tickets", list=listed, buttons=buttons(*(ticket.number for ticket in own[:3]))
        )
        return []

    async def _one(self, dispatcher: CollectingDispatcher, turn: Turn, resident_id: int, number: str) -> EventList:
        try:
            ticket = await turn.database.read(tickets.get, number, resident_id=resident_id)
        except NotFound:
            dispatcher.utter_message(response="utter_ticket_not_found", number=number)
            return []
        dispatcher.utter_message(
            response="utter_ticket_status",
            number=ticket.number,
            subject=label(ticket.category),
            status=phrase(f"status.{ticket.status}"),
            next=next_step(ticket),
        )
        return [SlotSet("last_ticket", ticket.number)]


class OwnTicketAction(Action, ABC):
    """Base of what a resident does with a ticket of their own; the ticket is the one named, else the last one."""

    refusal = "utter_ticket_not_possible"  # said when the ticket's status does not allow it

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> EventList:
        turn = Turn(tracker)
        resident = await turn.resident()
        number = turn.entities.get("ticket") or await self._last(turn, resident.id)
        if number is None:
            dispatcher.utter_message(response="utter_no_tickets")
            return []
        try:
            await self.act(dispatcher, turn, resident.id, number)
        except NotFound:
            dispatcher.utter_message(response="utter_ticket_not_found", number=number)
            return []
        except TooOften:
            dispatcher.utter_message(response="utter_already_urged", number=number)
        except (InvalidTransition, NotAllowed):
            dispatcher.utter_message(response=self.refusal, number=number)
        return [SlotSet("last_ticket", number)]

    @abstractmethod
    async def act(self, dispatcher: CollectingDispatcher, turn: Turn, resident_id: int, number: str) -> None:
        """Do it and say so."""

    async def _last(self, turn: Turn, resident_id: int) -> str | None:
        if turn.slot("last_ticket"):
            return str(turn.slot("last_ticket"))
        own = await turn.database.read(ticket_lists.list_own, resident_id, open_only=False, limit=1)
        return own[0].number if own else None


class AmendTicket(OwnTicketAction):
    """Adds words or photos to a ticket, or urges it on."""

    def name(self) -> str:
        return "action_ticket_amend"

    async def act(self, dispatcher: CollectingDispatcher, turn: Turn, resident_id: int, number: str) -> None:
        if any(word in turn.text for word in URGING):
            await turn.database.run(ticket_requests.urge, number, resident_id=resident_id, now=turn.now)
            dispatcher.utter_message(response="utter_ticket_urged", number=number)
            return
        for photo in turn.photos:
            await turn.database.run(
                ticket_requests.add_photo, number, resident_id=resident_id, photo_id=photo, now=turn.now
            )
        fields = amended_fields(turn)
        await turn.database.run(
            ticket_requests.amend, number, resident_id=resident_id, text=turn.text, fields=fields, now=turn.now
        )
        dispatcher.utter_message(response="utter_ticket_amended", number=number)


class CancelTicket(OwnTicketAction):
    """Withdraws a ticket, after one question whether it is meant."""

    def name(self) -> str:
        return "action_ticket_cancel"

    async def act(self, dispatcher: CollectingDispatcher, turn: Turn, resident_id: int, number: str) -> None:
        ticket = await turn.database.read(tickets.get, number, resident_id=resident_id)
        dispatcher.utter_message(response="utter_confirm_cancel", number=ticket.number, subject=label(ticket.category))


class CancelTicketConfirmed(OwnTicketAction):
    """The withdrawal itself."""

    def name(self) -> str:
        return "action_ticket_cancel_confirmed"

    async def act(self, dispatcher: CollectingDispatcher, turn: Turn, resident_id: int, number: str) -> None:
        await turn.database.run(ticket_requests.cancel, number, resident_id=resident_id, now=turn.now)
        dispatcher.utter_message(response="utter_ticket_cancelled", number=number)


class RateTicket(OwnTicketAction):
    """Stars for a finished ticket; who is not satisfied gets it reopened, or a human while it is not finished."""

    refusal = "utter_ticket_not_finished"

    def name(self) -> str:
        return "action_ticket_rate"

    async def act(self, dispatcher: CollectingDispatcher, turn: Turn, resident_id: int, number: str) -> None:
        if any(word in turn.text for word in UNSATISFIED):
            await turn.database.run(
                ticket_requests.reopen, number, resident_id=resident_id, why=turn.text[:500], now=turn.now
            )
            dispatcher.utter_message(response="utter_ticket_reopened", number=number)
            return
        stars = stars_in(turn.text)
        if stars is None:
            dispatcher.utter_message(
                response="utter_ask_stars", number=number, buttons=buttons(*map(str, range(5, 0, -1)))
            )
            return
        await turn.database.run(
            ticket_requests.rate, number, resident_id=resident_id, stars=stars, comment=turn.text[:500], now=turn.now
        )
        dispatcher.utter_message(response="utter_thanks_for_rating", stars=stars)


def stars_in(text: str) -> int | None:
    """1 to 5 out of 「五星」「打3分」「很满意」; None when nothing is said."""
    found = re.search(r"([1-5一二两三四五])\s*(?:颗)?[星分]", text) or re.fullmatch(r"\s*([1-5一二三四五])\s*", text)
    if found:
        return STARS[found[1]]
    return 5 if any(word in text for word in SATISFIED) else None


def amended_fields(turn: Turn) -> dict[str, Any]:
    """What a message corrects of a ticket's fields."""
    given = turn.entities
    fields = {name: given[name] for name in ("phone", "building", "unit", "room") if given.get(name)}
    if given.get("time") and given["time"].get("about") != "incident":
        fields["available_text"] = given["time"]["text"]
    return fields


def promise(ticket: TicketView) -> str:
    """By when the office answers, in words."""
    return phrase("ticket.promise", respond_by=moment(ticket.respond_by), resolve_by=moment(ticket.resolve_by))


def handler(ticket: TicketView) -> str:
    """Who looks after it, where that is known."""
    return phrase("ticket.handler", name=ticket.assignee) if ticket.assignee else phrase("ticket.no_handler")


def next_step(ticket: TicketView) -> str:
    """What the resident may expect next."""
    if ticket.closed_at or ticket.resolved_at:
        return phrase(f"next.{ticket.status}")
    return lines(handler(ticket), phrase("ticket.due", resolve_by=moment(ticket.resolve_by)))


def brief(ticket: TicketView) -> str:
    """One line of a list."""
    return phrase(
        "ticket.line", number=ticket.number, subject=label(ticket.category), status=phrase(f"status.{ticket.status}")
    )


def moment(at: datetime) -> str:
    """「11月24日 15:00」"""
    local = at.astimezone(LOCAL)
    return phrase("moment", month=local.month, day=local.day, time=f"{local:%H:%M}")


def iso_moment(iso: str | None) -> datetime | None:
    """An ISO time of the understanding as an aware time; one without a zone is local."""
    if not iso:
        return None
    at = datetime.fromisoformat(iso)
    return at if at.tzinfo else at.replace(tzinfo=LOCAL)


def _remember(session: Any, resident_id: int, draft: TicketDraft) -> None:
    """Keep the address and the phone for the next time."""
    known = {name: getattr(draft, name) for name in ("phone", "name", "community_id") if getattr(draft, name)}
    if draft.compound_id:
        known |= {name: getattr(draft, name) for name in ("compound_id", "building", "unit", "room")}
    if known:
        residents.remember(session, resident_id, **known)


def _cleared() -> EventList:
    return [SlotSet(name, None) for name in ("problem", "place", "wish", "photos", "confirmed", "chosen_service")]
