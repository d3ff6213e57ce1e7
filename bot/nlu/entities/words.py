"""The word lists of data/entity_words.yml."""

from __future__ import annotations

from functools import lru_cache

from bot import settings
from bot.nlu.patterns import read_yaml

WORDS_FILE = settings.ROOT / "data" / "entity_words.yml"


@lru_cache(maxsize=1)
def _all() -> dict[str, dict[str, list[str]]]:
    return read_yaml(WORDS_FILE)


@lru_cache(maxsize=64)
def words(subject: str, kind: str) -> tuple[str, ...]:
    """One list, longest words first, so that an alternative never hides a longer one."""
    return tuple(sorted(set(_all()[subject][kind]), key=lambda word: (-len(word), word)))


def alternatives(subject: str, kind: str) -> str:
    """One list as the alternatives of a regular expression."""
    return "(?:" + "|".join(words(subject, kind)) + ")"
