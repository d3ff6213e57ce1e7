"""What a form can ask for. A field knows how to read its value from any message, asked for or not."""

from __future__ import annotations

import re
from typing import Any

from actions.forms import addresses
from actions.phrases import phrase
from actions.turn import Turn
from bot.community.errors import InvalidValue
from bot.community.residents import ResidentView

Draft = dict[str, Any]
SKIPPED = ""  # the value of an optional field that the resident does not want to fill

# Intents of messages that answer a question in words of one's own.
NO_ANSWER = {"skip", "go_back", "stop", "deny", "affirm", "repeat", "ask_human", "thanks", "greet", "choose", "resume"}
MOBILE_DIGITS = 11
ANY_TIME = ("都行", "都可以", "随时", "随便", "哪天都", "天天")
LONGEST_TIME = 30  # characters; a longer message says more than when
REPLACED = re.compile(r"不是.+是(?P<right>.{2,})")  # 「不是漏水，是堵了」
CLAUSE = re.compile(r"[，,。；;！!\s]+")
DATA_WORDS = re.compile(
    r"我是|我叫|我姓|我住|我们?家?住?在|住在|我家|地址|联系人|联系|电话|手机号?|号码|姓|女士|先生|业主|栋|幢|单元|室|号楼|楼|号|层|座|的|都|在家|有人|是"
    r"|[\dA-Za-z一二三四五六七八九十零]|[-—:：、()（）]"
)
CALL_ME = re.compile(r"^(?:就|你|您)?(?:可以)?(?:叫我|喊我|称呼我|我叫|我是|我姓)|(?:就行|就好|就可以|吧|好了|即可)$")


class Field:
    """One thing that a form asks for; `name` is the slot that holds it."""

    def __init__(self, name: str, *, optional: bool = False) -> None:
        self.name = name
        self.optional = optional

    async def read(self, turn: Turn, draft: Draft, *, asked: bool) -> Any:
        """The value in this message, or None. asked: it answers our question. Raises InvalidValue."""
        raise NotImplementedError

    async def proposal(self, turn: Turn, resident: ResidentView) -> Any:
        """A value known from before, to be proposed and not assumed; None if there is none."""
        return None

    @property
    def noted_as(self) -> str:
        """Under which name a value said before the form began is kept (`noted.note`)."""
        return self.name

    def open_to_proposal(self, value: Any) -> bool:
        """Whether a known value may be proposed beside what the form has so far."""
        return not value

    def joined(self, known: Any, value: Any) -> Any:
        """The proposal together with what the form has so far."""
        return known

    def changes(self, before: Any, value: Any) -> bool:
        """Whether the new value takes something back, and does not only add to it."""
        return True

    def wanted(self, draft: Draft) -> bool:
        """Whether the form needs the field at all, given the rest."""
        return True

    def complete(self, draft: Draft) -> bool:
        """Whether nothing is missing; SKIPPED counts as complete."""
        return draft.get(self.name) is not None

    def question(self, draft: Draft) -> str:
        """Which response asks for it: the part after utter_ask_."""
        return self.name

    def give_up(self, draft: Draft) -> Any:
        """The value to go on with when the resident can't or won't say; None when the form can't do without."""
        return SKIPPED if self.optional else None

    def shown(self, value: Any) -> str:
        """The value as a summary shows it."""
        return str(value)


class TextField(Field):
    """Words of one's own; `first` fields take the message that started the form."""

    def __init__(
        self,
        name: str,
        *,
        optional: bool = False,
        first: bool = False,
        bare: int = 1,
        longest: int = 1000,
        asks: str | None = None,
    ) -> None:
        """bare: a first message up to so many characters says nothing yet. asks: the question, unless the name is."""
        super().__init__(name, optional=optional)
        self.first = first
        self.bare = bare
        self.longest = longest
        self.asks = asks

    def question(self, draft: Draft) -> str:
        return self.asks or self.name

    async def read(self, turn: Turn, draft: Draft, *, asked: bool) -> str | None:
        starting = self.first and draft.get("starting") and turn.intent not in ("affirm", "resume", "choose")
        if not (asked or starting) or turn.intent in NO_ANSWER:
            return None
        text = turn.text.strip()
        if asked and turn.intent == "inform" and turn.entities and not says_something(text, turn.entities):
            return None  # an address or a phone number, which its own field reads
        return text[: self.longest] if len(text) > (1 if asked else self.bare) else None


class ProblemField(TextField):
    """What is wrong, in the resident's words, with its category and urgency; a bare wish to report says nothing yet."""

    PROBABLE = 0.2  # from here on a correction's own category counts
    BARE = 7  # 「我要报修」 and the like hold no problem

    def __init__(self) -> None:
        super().__init__("problem", first=True)

    async def read(self, turn: Turn, draft: Draft, *, asked: bool) -> dict[str, Any] | None:
        if turn.intent == "correct" and draft.get("problem") and not turn.entities:
            return self._corrected(turn, draft["problem"])
        text = await super().read(turn, draft, asked=asked)
        if text is None and asked and turn.intent == "report_property":
            text = turn.text.strip()
        if text is None and turn.intent == "correct" and turn.domain in ("property", "safety"):
            text = turn.text.strip()
        if text is None or (not asked and len(text) <= self.BARE and turn.category == "other_property"):
            return None
        category = turn.category if turn.domain in ("property", "safety") else None
        known = draft.get("problem") or {}
        if known and not asked and turn.intent != "correct":
            # Noted before the form began; this message only said what it is about.
            return {**known, "category": category or known["category"]}
        return {
            "text": text,
            "gist": gist(text, turn.entities),
            "category": category or known.get("category") or "other_property",
            "urgency": turn.triage.get("urgency") or "routine",
        }

    def _corrected(self, turn: Turn, known: dict[str, Any]) -> dict[str, Any] | None:
        """「不是漏水，是堵了」: the first words are kept beside the right ones."""
        found = REPLACED.search(turn.text)
        if not found or not says_something(found["right"], turn.entities):
            return None
        readings = [turn.triage, *(turn.triage.get("alternatives") or [])]
        certain = [
            each for each in readings if each.get("domain") == "property" and each["confidence"] >= self.PROBABLE
        ]
        category = certain[0]["category"] if certain else known["category"]
        text = turn.text.strip()
        both = {"text": f"{known['text']}；{text}", "gist": f"{known['gist']}（{text}）"}
        return {**known, **both, "category": category}

    def shown(self, value: dict[str, Any]) -> str:
        return str(value["gist"])


def gist(text: str, entities: dict[str, Any]) -> str:
    """The clauses of a report that say what is wrong, without those that only hold who, where and when."""
    return "，".join(telling_clauses(text, entities)) or text


def telling_clauses(text: str, entities: dict[str, Any]) -> list[str]:
    """The clauses that hold more than who, where and when."""
    return [clause for clause in CLAUSE.split(text) if clause and says_something(clause, entities)]


def says_something(words: str, entities: dict[str, Any]) -> bool:
    """Whether the words hold more than who, where and when."""
    said = [str(entities[name]) for name in ("phone", "name", "compound", "room", "place") if entities.get(name)]
    said += [entities["time"]["text"]] if entities.get("time") else []
    for known in sorted(said, key=len, reverse=True):
        words = words.replace(known, "")
    return len(DATA_WORDS.sub("", CLAUSE.sub("", words))) > 1


class PlaceField(Field):
    """Where: compound, building, unit, room or a public place; filled bit by bit."""

    def __init__(self) -> None:
        super().__init__("place")

    async def read(self, turn: Turn, draft: Draft, *, asked: bool) -> dict[str, Any] | None:
        found = await addresses.read(turn)
        known = draft.get("place") or {}
        if found and asked and not known.get("compound") and not found.get("compound"):
            found = await self._at_home(turn, whole="building" not in found) | found  # our question named the compound
        if not found and asked and turn.intent in ("inform", "nlu_fallback"):
            found = self._own_words(turn, known)
        if not found:
            return None
        merged = addresses.merge(known, found)
        return merged if merged != known else None

    async def _at_home(self, turn: Turn, *, whole: bool) -> dict[str, Any]:
        """The address that was proposed, or its compound alone; empty when nothing could be proposed."""
        known = await self.proposal(turn, await turn.resident()) or {}
        if whole:
            return known
        return {part: known[part] for part in ("compound", "compound_id", "community_id") if part in known}

    def _own_words(self, turn: Turn, known: dict[str, Any]) -> dict[str, Any]:
        """Better the resident's own words than no place; for the compound only when asked for the second time."""
        if known.get("compound") or known.get("unclear"):
            return {"public_place": turn.text.strip()[:100]}
        return {"unclear": True}

    def give_up(self, draft: Draft) -> Any:
        place = draft.get("place") or {}
        if place.get("compound") and addresses.missing(place, category=self._category(draft)):
            return {**place, "enough": True}
        return None

    async def proposal(self, turn: Turn, resident: ResidentView) -> dict[str, Any] | None:
        return await addresses.of_resident(turn, resident)

    def open_to_proposal(self, value: Any) -> bool:
        return not (value or {}).get("compound")

    def joined(self, known: dict[str, Any], value: Any) -> dict[str, Any]:
        return {**known, **(value or {})}

    def changes(self, before: dict[str, Any], value: dict[str, Any]) -> bool:
        return any(value.get(part) != said for part, said in before.items() if part != "unclear")

    def complete(self, draft: Draft) -> bool:
        return addresses.missing(draft.get("place") or {}, category=self._category(draft)) is None

    def question(self, draft: Draft) -> str:
        missing = addresses.missing(draft.get("place") or {}, category=self._category(draft))
        return f"place_{missing}" if missing else "place_compound"

    def shown(self, value: dict[str, Any]) -> str:
        return addresses.describe(value)

    def _category(self, draft: Draft) -> str | None:
        return (draft.get("problem") or {}).get("category")


class PhoneField(Field):
    """A phone number to be reached at; residents may refuse, since the chat itself reaches them."""

    def __init__(self) -> None:
        super().__init__("phone", optional=True)

    async def read(self, turn: Turn, draft: Draft, *, asked: bool) -> str | None:
        phone = turn.entities.get("phone")
        if phone:
            return str(phone)
        digits = "".join(filter(str.isdigit, turn.text))
        if asked and len(digits) >= 5 and turn.intent not in ("stop", "skip"):
            reason = "too_short" if len(digits) < MOBILE_DIGITS else "wrong_digits"
            raise InvalidValue("phone", turn.text, reason)
        return None

    async def proposal(self, turn: Turn, resident: ResidentView) -> str | None:
        return resident.phone

    def shown(self, value: str) -> str:
        return value or phrase("form.phone_refused")


class TimeField(Field):
    """When: as said, with the ISO span where it is clear. Optional unless said otherwise."""

    def __init__(self, name: str = "available", *, optional: bool = True, indoors_only: bool = False) -> None:
        super().__init__(name, optional=optional)
        self.indoors_only = indoors_only

    @property
    def noted_as(self) -> str:
        return "time"

    async def read(self, turn: Turn, draft: Draft, *, asked: bool) -> dict[str, Any] | None:
        time = turn.entities.get("time")
        if time and time.get("about") != "incident":
            return dict(time)
        at_any_time = any(sign in turn.text for sign in ANY_TIME)
        if asked and 1 < len(turn.text) <= LONGEST_TIME and (turn.intent == "inform" or at_any_time):
            return {"text": turn.text.strip(), "iso": None, "end": None}
        return None

    def wanted(self, draft: Draft) -> bool:
        category, place = (draft.get("problem") or {}).get("category"), draft.get("place") or {}
        outside = place.get("public_place") and not place.get("room")
        return not self.indoors_only or (category in addresses.INDOOR_CATEGORIES and not outside)

    def shown(self, value: Any) -> str:
        return value["text"] if value else phrase("form.time_open")


class ChoiceField(Field):
    """One of a few answers, each recognised by an intent or by words."""

    def __init__(self, name: str, answers: dict[str, tuple[str, ...]], *, optional: bool = False) -> None:
        super().__init__(name, optional=optional)
        self.answers = answers

    async def read(self, turn: Turn, draft: Draft, *, asked: bool) -> str | None:
        if not asked:
            return None
        for value, signs in self.answers.items():
            if turn.intent in signs or any(sign in turn.text for sign in signs):
                return value
        return None


class NameField(Field):
    """How to be called; a form that only takes note of a name that is said does not ask for it."""

    def __init__(self, name: str = "called", *, ask: bool = True) -> None:
        super().__init__(name, optional=True)
        self.ask = ask

    def wanted(self, draft: Draft) -> bool:
        return self.ask

    async def read(self, turn: Turn, draft: Draft, *, asked: bool) -> str | None:
        name = turn.entities.get("name")
        if name:
            return str(name)
        said = CALL_ME.sub("", turn.text.strip())
        if asked and turn.intent not in NO_ANSWER and 1 <= len(said) <= 8 and not turn.entities:
            return said
        return None

    async def proposal(self, turn: Turn, resident: ResidentView) -> str | None:
        return resident.name


class ConfirmField(Field):
    """The resident's word that the summary is right; what is said otherwise goes to the other fields."""

    def __init__(self) -> None:
        super().__init__("confirmed")

    async def read(self, turn: Turn, draft: Draft, *, asked: bool) -> bool | None:
        return True if asked and turn.intent == "affirm" else None
