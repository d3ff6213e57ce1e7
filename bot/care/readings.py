"""What a message says and does in a care conversation, by the patterns of data/care_readings.yml."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from bot.community.paths import DATA
from bot.nlu.normaliser import normalise
from bot.nlu.patterns import WordLists, read_yaml

FILE = DATA / "care_readings.yml"
YES, NO, UNSURE = "yes", "no", "unsure"
SINGLE = ("unasked_alone", "done", "own_violence", "unhurt", "address", "oneself", "question")
SHORT = 3  # characters up to which a text that begins with no means nothing but no


@dataclass(frozen=True)
class Patterns:
    """Compiled readings; questions holds yes and no by question, in the order they are tried."""

    general: dict[str, re.Pattern[str]]
    questions: dict[str, dict[str, re.Pattern[str]]]
    free: frozenset[str]
    signals: dict[str, re.Pattern[str]]
    single: dict[str, re.Pattern[str]]
    themes: dict[str, re.Pattern[str]]
    traits: dict[str, re.Pattern[str]]


@lru_cache(maxsize=1)
def patterns() -> Patterns:
    content = read_yaml(FILE)
    words = WordLists(content["words"])

    def compiled(named: dict[str, str]) -> dict[str, re.Pattern[str]]:
        return {name: words.compile(pattern) for name, pattern in named.items()}

    return Patterns(
        general=compiled({name: content[name] for name in (UNSURE, YES, NO)}),
        questions={name: compiled(named) for name, named in content["questions"].items()},
        free=frozenset(content["free"]),
        signals=compiled(content["signals"]),
        single=compiled({name: content[name] for name in SINGLE}),
        themes=compiled(content["themes"]),
        traits=compiled(content["traits"]),
    )


def plain(text: str) -> str:
    return normalise(text).lower().strip()


def answer(question: str, text: str) -> str | None:
    """yes, no or unsure, or None when the text doesn't answer the question. text as from `plain`."""
    known = patterns()
    if known.general[UNSURE].search(text):
        return UNSURE
    found = specific(question, text)
    if found:
        return found
    if question in known.free:
        return _freely(text)
    return next((reading for reading in (NO, YES) if known.general[reading].search(text)), None)


def _freely(text: str) -> str | None:
    """Whatever is told is an answer, but a refusal."""
    if patterns().general[NO].search(text):
        return NO if len(text) <= SHORT else None
    return None if signal(text) or says("question", text) else YES


def specific(question: str, text: str) -> str | None:
    """yes or no in words that fit this question alone, else None."""
    named = patterns().questions.get(question, {})
    return next((reading for reading, pattern in named.items() if pattern.search(text)), None)


def signal(text: str) -> str | None:
    """What the message does besides answering: anger, silence, a farewell ... or None."""
    return next((name for name, pattern in patterns().signals.items() if pattern.search(text)), None)


def says(name: str, text: str) -> bool:
    """Whether one of the single patterns (done, unhurt ...) fits."""
    return bool(patterns().single[name].search(text))


def theme(text: str) -> str | None:
    return next((name for name, pattern in patterns().themes.items() if pattern.search(text)), None)


def traits(text: str) -> list[str]:
    """Who is speaking, as far as the words tell: minor, elder, postpartum."""
    return [name for name, pattern in patterns().traits.items() if pattern.search(text)]
