"""How urgent a message is, why, and what kind of danger it is: routine, urgent or emergency (taxonomy.yml).

Patterns of data/urgency_signs.yml with their frames: what is past, happens now and then, or is only feared is not an
emergency now.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from bot.community.paths import DATA
from bot.nlu.crisis_guard import Assessment
from bot.nlu.patterns import WordLists, read_yaml

FILE = DATA / "urgency_signs.yml"
CATEGORY = "emergency"  # what the classifier calls a danger that no pattern knows
OTHER = "other"
BEFORE = 24  # characters before a sign in which a frame takes the present danger out of it
AFTER = 16
LETTER = 70  # characters from which a message is a letter rather than a call for help
BLANK = "\u25a1"
NOW, DOUBTFUL, OVER = "now", "doubtful", "over"


@dataclass(frozen=True)
class Urgency:
    """level: id of taxonomy.yml. reasons: ids of data/urgency_signs.yml, "crisis" or "category"; the first is the
    gravest. kind: the key of data/advice.yml, None when routine.
    """

    level: str
    reasons: tuple[str, ...] = ()
    kind: str | None = None


@dataclass(frozen=True)
class _Signs:
    harmless: re.Pattern[str]
    frames: dict[str, re.Pattern[str]]
    emergency: dict[str, tuple[re.Pattern[str], ...]]
    urgent: dict[str, tuple[re.Pattern[str], ...]]


@lru_cache(maxsize=1)
def _signs() -> _Signs:
    content = read_yaml(FILE)
    words = WordLists(content["words"])
    return _Signs(
        harmless=words.compile_any(content["harmless"].split()),
        frames={name: words.compile_any(listed.split()) for name, listed in content["frames"].items()},
        emergency={kind: words.compile_all(patterns) for kind, patterns in content["emergency"].items()},
        urgent={kind: words.compile_all(patterns) for kind, patterns in content["urgent"].items()},
    )


def rate(text: str, category: str | None, assessment: Assessment) -> Urgency:
    """The urgency of a normalised text. category: as classified; assessment: of the crisis guard."""
    signs = _signs()
    plain = signs.harmless.sub(lambda found: BLANK * len(found[0]), text.lower())
    dangers = _times(signs.emergency, plain)
    kinds = _kinds(dangers, NOW)
    if assessment.level == "crisis":
        kind = "violence" if assessment.violence else "crisis"
        return Urgency("emergency", (kind, *kinds), kind)
    if kinds:
        return Urgency("emergency", kinds, kinds[0])
    if category == CATEGORY and not _kinds(dangers, OVER):
        doubtful = _kinds(dangers, DOUBTFUL)
        return Urgency("emergency", ("category", *doubtful), doubtful[0] if doubtful else OTHER)
    kinds = _kinds(_times(signs.urgent, plain), NOW)
    return Urgency("urgent", kinds, kinds[0]) if kinds else Urgency("routine")


def _times(signs: dict[str, tuple[re.Pattern[str], ...]], text: str) -> dict[str, str]:
    """For each kind with a sign in the text, in the file's order: NOW, DOUBTFUL or OVER."""
    times: dict[str, str] = {}
    for kind, patterns in signs.items():
        hits = [hit for pattern in patterns for hit in [pattern.search(text)] if hit]
        if hits:
            times[kind] = min((_time(text, hit) for hit in hits), key=(NOW, DOUBTFUL, OVER).index)
    return times


def _kinds(times: dict[str, str], wanted: str) -> tuple[str, ...]:
    return tuple(kind for kind, time in times.items() if time == wanted)


def _time(text: str, hit: re.Match[str]) -> str:
    """When a sign is: told of the past or of what keeps happening (OVER), feared or asked about (DOUBTFUL), or NOW.

    A word of the present overrules both. A long letter complains of what was, so there it needs such a word.
    """
    around = text[max(0, hit.start() - BEFORE) : hit.end() + AFTER]
    frames = _signs().frames
    now = _last(frames["now"], around)
    past = max(_last(frames["past"], around), _last(frames["habit"], around))
    if past >= 0:
        return NOW if now > past else OVER
    if now >= 0:
        return NOW
    doubtful = len(text) > LETTER or any(frames[name].search(around) for name in ("possible", "talk"))
    return DOUBTFUL if doubtful else NOW


def _last(pattern: re.Pattern[str], text: str) -> int:
    """Where the last match begins; -1 without one."""
    return max((found.start() for found in pattern.finditer(text)), default=-1)
