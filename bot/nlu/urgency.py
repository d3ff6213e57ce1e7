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
BLANK = "\u25a1"


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
    kinds, weakened = _present(signs.emergency, plain)
    if assessment.level == "crisis":
        kind = "violence" if assessment.violence else "crisis"
        return Urgency("emergency", (kind, *kinds), kind)
    if kinds:
        return Urgency("emergency", tuple(kinds), kinds[0])
    if category == CATEGORY and not weakened:
        return Urgency("emergency", ("category",), OTHER)
    kinds, _ = _present(signs.urgent, plain)
    return Urgency("urgent", tuple(kinds), kinds[0]) if kinds else Urgency("routine")


def _present(kinds: dict[str, tuple[re.Pattern[str], ...]], text: str) -> tuple[list[str], bool]:
    """The kinds with a sign that is present, in the file's order; and whether any sign was not."""
    found, weakened = [], False
    for kind, patterns in kinds.items():
        hits = [hit for pattern in patterns for hit in [pattern.search(text)] if hit]
        if any(_is_now(text, hit) for hit in hits):
            found.append(kind)
        elif hits:
            weakened = True
    return found, weakened


def _is_now(text: str, hit: re.Match[str]) -> bool:
    """Whether a sign tells of the present: no frame around it, or an express word of the present."""
    around = text[max(0, hit.start() - BEFORE) : hit.end() + AFTER]
    frames = _signs().frames
    if not any(frames[name].search(around) for name in ("past", "habit", "possible", "talk")):
        return True
    if frames["past"].search(around) or frames["habit"].search(around):
        return False
    return bool(frames["now"].search(around))
