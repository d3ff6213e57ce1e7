"""Services near home: finding them, showing one, and talking about what was just shown."""

from __future__ import annotations

import re
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.forms.form import EventList
from actions.phrases import buttons, lines, phrase
from actions.turn import Turn
from bot.community import catalogue, guides
from bot.community.catalogue import ServiceMatch, ServiceQuery, ServiceView
from bot.community.errors import NotFound

PAGE = 4
ORDINALS = {"一": 0, "二": 1, "两": 1, "三": 2, "四": 3, "五": 4} | {str(n + 1): n for n in range(5)}
# Domains whose categories the catalogue is asked for by id; of others only the words count.
WITH_CATEGORY = ("convenience", "engagement", "safety", "psychology")
BARE_WISH = 4  # 「帮我找」 and the like hold no wish


class FindService(Action):
    """Looks a wish up in the catalogue and shows the best matches."""

    def name(self) -> str:
        return "action_find_service"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> EventList:
        return await find(dispatcher, Turn(tracker))


async def find(dispatcher: CollectingDispatcher, turn: Turn) -> EventList:
    """Show what the catalogue has for this message; remembers what was shown."""
    resident = await turn.resident()
    category = turn.category if turn.domain in WITH_CATEGORY and not str(turn.category).startswith("other_") else None
    wish = {"text": turn.text, "category": category, "near": turn.location, "community": resident.community_id}
    return await _show(dispatcher, turn, wish, offset=0)


async def _show(dispatcher: CollectingDispatcher, turn: Turn, wish: dict[str, Any], *, offset: int) -> EventList:
    near = tuple(wish["near"]) if wish.get("near") else None
    query = ServiceQuery(wish["text"], category=wish["category"], community_id=wish["community"], near=near)
    found = await turn.database.read(catalogue.search, query, now=turn.now, limit=PAGE, offset=offset)
    if not found.matches:
        dispatcher.utter_message(response="utter_no_more_services" if offset else "utter_no_service")
        return [SlotSet("last_wish", wish)]
    if found.total == 1:
        service = found.matches[0].service
        dispatcher.utter_message(response="utter_service", card=card(service), buttons=offers(service))
        return _remember([service], wish, offset, chosen=service)
    services = [match.service for match in found.matches]
    more = phrase("service.more") if found.total > offset + PAGE else ""
    choices = [phrase("service.choice", n=n) for n in range(1, len(services) + 1)]
    dispatcher.utter_message(
        response="utter_services",
        count=found.total,
        list="\n".join(line(n, match) for n, match in enumerate(found.matches, 1)),
        buttons=buttons(*choices, *([more] if more else [])),
    )
    return _remember(services, wish, offset, chosen=None)


def _remember(
    services: list[ServiceView], wish: dict[str, Any], offset: int, *, chosen: ServiceView | None
) -> EventList:
    shown = [{"kind": "service", "id": service.id} for service in services]
    return [
        SlotSet("last_results", shown),
        SlotSet("last_wish", {**wish, "offset": offset}),
        SlotSet("chosen_service", chosen.id if chosen else None),
        SlotSet("chosen_guide", None),
    ]


class ShowMore(Action):
    """The next page of what was found last."""

    def name(self) -> str:
        return "action_more"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> EventList:
        turn = Turn(tracker)
        wish = turn.slot("last_wish")
        if not wish:
            dispatcher.utter_message(response="utter_nothing_shown")
            return []
        return await _show(dispatcher, turn, wish, offset=int(wish.get("offset", 0)) + PAGE)


class Choose(Action):
    """One of the things just shown: 「第二个」「上面那家」."""

    def name(self) -> str:
        return "action_choose"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> EventList:
        turn = Turn(tracker)
        shown = turn.slot("last_results") or []
        if not shown:
            dispatcher.utter_message(response="utter_nothing_shown")
            return []
        item = shown[min(position(turn.text, len(shown)), len(shown) - 1)]
        if item["kind"] == "guide":
            return await show_guide(dispatcher, turn, item["id"])
        return await show_service(dispatcher, turn, item["id"])


async def show_service(dispatcher: CollectingDispatcher, turn: Turn, service_id: str) -> EventList:
    """The card of one service."""
    try:
        service = await turn.database.read(catalogue.get, service_id, now=turn.now)
    except NotFound:
        dispatcher.utter_message(response="utter_no_service")
        return []
    dispatcher.utter_message(response="utter_service", card=card(service), buttons=offers(service))
    return [SlotSet("chosen_service", service.id), SlotSet("chosen_guide", None)]


async def show_guide(dispatcher: CollectingDispatcher, turn: Turn, guide_id: str) -> EventList:
    """The card of one guide."""
    from actions.guides import guide_card

    try:
        guide = await turn.database.read(guides.get, guide_id)
    except NotFound:
        dispatcher.utter_message(response="utter_no_guide")
        return []
    dispatcher.utter_message(response="utter_guide", card=guide_card(guide))
    return [SlotSet("chosen_guide", guide.id), SlotSet("chosen_service", None)]


class AskDetail(Action):
    """A question about what was just shown: hours, phone, price, the way there."""

    def name(self) -> str:
        return "action_ask_detail"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> EventList:
        turn = Turn(tracker)
        if turn.slot("chosen_guide"):
            return await show_guide(dispatcher, turn, turn.slot("chosen_guide"))
        chosen = turn.slot("chosen_service") or self._named(turn)
        if not chosen:
            # Nothing was shown yet: the question may still name what it is about.
            return await find(dispatcher, turn) if len(turn.text) > BARE_WISH else self._nothing(dispatcher)
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


class RecordDemand(Action):
    """Notes a wish that nobody offers yet."""

    def name(self) -> str:
        return "action_record_demand"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> EventList:
        turn = Turn(tracker)
        wish = turn.slot("last_wish") or {"text": turn.text, "category": None}
        resident = await turn.resident()
        await turn.database.run(
            catalogue.record_demand,
            text=wish["text"],
            category=wish["category"],
            community_id=resident.community_id,
            resident_id=resident.id,
            now=turn.now,
        )
        dispatcher.utter_message(response="utter_demand_recorded")
        return [SlotSet("last_wish", None)]


def position(text: str, count: int) -> int:
    """Which of `count` things is meant, from 0; the first when the words don't say."""
    if re.search(r"最后|末尾|下面那", text):
        return count - 1
    found = re.search(r"(?:第|选|要|看)?\s*([一二两三四五1-5])", text)
    return ORDINALS[found[1]] if found else 0


def card(service: ServiceView) -> str:
    """All that matters about a service, one fact a line."""
    return lines(
        service.name,
        service.summary,
        phrase("service.address", value=service.address) if service.address else None,
        phrase("service.hours", value=service.hours_text, now=opening(service)) if service.hours_text else None,
        phrase("service.phone", value=service.phone) if service.phone else None,
        phrase("service.price", value=service.price) if service.price else None,
        phrase("service.community", value=service.community_name) if service.community_name else None,
        phrase("service.audience", value=audience(service)) if audience(service) else None,
    )


def opening(service: ServiceView) -> str:
    """「（现在营业）」 or when it opens next."""
    if service.open_now is None:
        return ""
    if service.open_now:
        return phrase("service.open_now")
    return phrase("service.opens_next", at=service.opens_next) if service.opens_next else phrase("service.closed")


def audience(service: ServiceView) -> str:
    known = [phrase(f"audience.{each}") for each in service.audience if each != "all"]
    return "、".join(known)


def line(number: int, match: ServiceMatch) -> str:
    """One entry of a list."""
    service = match.service
    facts = [opening(service).strip("（）"), service.phone, service.community_name]
    if match.distance_m is not None:
        facts.append(phrase("service.distance", metres=match.distance_m))
    return phrase("service.line", n=number, name=service.name, facts=" · ".join(fact for fact in facts if fact))


def offers(service: ServiceView) -> list[dict[str, str]]:
    """What can be done next with a service."""
    return buttons(phrase("offer.book"), phrase("offer.human")) if service.booking == "bot" else []


def detail(service: ServiceView, question: str) -> str:
    """The fact that was asked for, else the whole card."""
    wanted = {
        "几点|时间|开门|关门|营业|开吗|开着|上班|下班|周末|今天": phrase(
            "service.hours", value=service.hours_text or phrase("service.unknown"), now=opening(service)
        ),
        "电话|号码|联系|打给": phrase("service.phone", value=service.phone or phrase("service.unknown")),
        "钱|收费|价|费用|免费|贵": phrase("service.price", value=service.price or phrase("service.unknown")),
        "哪里|地址|在哪|位置|怎么走|怎么去|远|哪儿": phrase(
            "service.address", value=service.address or phrase("service.unknown")
        ),
    }
    facts = [fact for words, fact in wanted.items() if re.search(words, question)]
    return "\n".join(facts) if facts else card(service)


