"""Signs found in a message, each with what the grammar around it makes of it."""

from __future__ import annotations

from dataclasses import dataclass

from bot.nlu.crisis import grammar, signs
from bot.nlu.crisis.plain import Plain
from bot.nlu.crisis.signs import Family

TOLD = ("fiction", "news", "talk", "affairs")
MOST_PER_PATTERN = 4  # a pattern that is denied once may be meant the next time; no need to look further


@dataclass(frozen=True)
class Finding:
    """One sign. level is "none" when the sign is denied, told of a film, or long over."""

    family: Family
    level: str
    denied: bool
    third_person: bool
    young: bool


def find(plain: Plain) -> list[Finding]:
    """All signs, at most a few per pattern; linear in the length of the text."""
    joke = grammar.is_joke(plain.spelled_out)
    found = []
    for family in signs.load().families:
        for pattern in family.patterns:
            for count, hit in enumerate(pattern.finditer(plain.text)):
                if count == MOST_PER_PATTERN:
                    break
                found.append(_weigh(family, plain.text, hit.start(), hit.end(), joke))
    return found


def _weigh(family: Family, text: str, start: int, end: int, joke: bool) -> Finding:
    who = grammar.victim(text, start, end) if family.violence else grammar.subject(text, start, end)
    denied = grammar.is_denied(text, start, end)
    level = "none" if denied else _level(family, text, start, end, joke, who.third_person)
    return Finding(family, level, denied, who.third_person, who.young)


def _level(family: Family, text: str, start: int, end: int, joke: bool, third_person: bool) -> str:
    if grammar.is_told(text, start, end, *family.unless):
        return "none"
    if family.told and grammar.is_public(text, start, end):
        return "none"
    own = not third_person and grammar.names_speaker(text, start, end)
    if family.told and not own and grammar.is_told(text, start, end, *TOLD):
        return "none"
    if family.past and grammar.is_long_past(text, start, by_others=third_person or family.violence):
        return "none" if third_person or family.violence or grammar.is_recovered(text, start) else "concern"
    return "concern" if joke and family.jokes else family.level
