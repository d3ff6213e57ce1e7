"""Booking a service near home: a meal, a repair, a helper."""

from __future__ import annotations

from typing import Any

from actions.forms.fields import (
    ConfirmField,
    Draft,
    Field,
    PhoneField,
    PlaceField,
    TextField,
    TimeField,
    telling_clauses,
)
from actions.forms.form import ResidentForm
from actions.turn import Turn
from bot.community import catalogue
from bot.community.catalogue import ServiceQuery
from bot.community.errors import NotFound
from bot.community.residents import ResidentView


class ServiceField(Field):
    """Which service: the one just shown, or the best match of the resident's words: {"id", "name", "category"}."""

    def __init__(self) -> None:
        super().__init__("service")

    async def read(self, turn: Turn, draft: Draft, *, asked: bool) -> dict[str, Any] | None:
        starting = bool(draft.get("starting"))
        if starting and turn.slot("chosen_service"):
            return await self._by_id(turn, turn.slot("chosen_service"))
        if not (asked or starting) or turn.intent in ("affirm", "deny", "skip", "stop", "go_back"):
            return None
        resident = await turn.resident()
        category = turn.category if turn.domain == "convenience" else None
        query = ServiceQuery(turn.text, category=category, community_id=resident.community_id)
        found = await turn.database.read(catalogue.search, query, now=turn.now, limit=10)
        bookable = [match.service for match in found.matches if match.service.booking != "none"]
        if not bookable:
            return None
        return {"id": bookable[0].id, "name": bookable[0].name, "category": bookable[0].category}

    async def proposal(self, turn: Turn, resident: ResidentView) -> None:
        return None

    def shown(self, value: dict[str, Any]) -> str:
        return str(value["name"])

    async def _by_id(self, turn: Turn, service_id: str) -> dict[str, Any] | None:
        try:
            service = await turn.database.read(catalogue.get, service_id, now=turn.now)
        except NotFound:
            return None
        return {"id": service.id, "name": service.name, "category": service.category}


class WishField(TextField):
    """What the provider should know; the first message may say it after naming the service (「…两个人吃 要软一点」)."""

    async def read(self, turn: Turn, draft: Draft, *, asked: bool) -> str | None:
        if draft.get("starting"):
            return "，".join(telling_clauses(turn.text, turn.entities)[1:])[: self.longest] or None
        return await super().read(turn, draft, asked=asked)


class BookingForm(ResidentForm):
    """Which service, when, anything to know (people, dishes, the fault), where and how to reach the resident."""

    form = "booking_form"
    fields = (
        ServiceField(),
        TimeField("booking_time", optional=False),
        WishField("wish", optional=True, longest=300),
        PlaceField(),
        PhoneField(),
        ConfirmField(),
    )
