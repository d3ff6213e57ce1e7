"""What a resident's words look for: search words with their weights, categories, and whom it is for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.community import search_text, versions
from bot.community.models.catalogue import Synonym
from bot.community.paths import DATA

VERSION_KIND = "synonyms"

PAIR_WEIGHT = 1.0
WHOLE_WEIGHT = 0.6  # the words as a whole, when they have more than one pair
SYNONYM_WEIGHT = 0.9
SINGLE_WEIGHT = 0.15
LONE_SINGLE_WEIGHT = 0.6


@dataclass(frozen=True)
class Wish:
    """words: what a row should hold, by weight. singles: characters, which prove little. Both may be empty."""

    words: dict[str, float]
    singles: dict[str, float]
    categories: frozenset[str]
    audiences: frozenset[str]

    @property
    def terms(self) -> list[str]:
        """What to ask the full-text index for, as index_terms made them: pairs and Latin words, then singles."""
        pairs = [pair for word in self.words for run in search_text.runs(word) for pair in search_text.pairs(run)]
        return list(dict.fromkeys(pairs)) + list(self.singles)


@dataclass(frozen=True)
class _Meaning:
    word: str
    means: tuple[str, ...]
    category: str | None
    audience: str | None


def read(session: Session, text: str) -> Wish:
    """What the words look for. Long texts are cut; fillers are left out; synonyms are added."""
    asked = search_text.normalise(text)[: search_text.MAX_QUERY]
    hits = [meaning for meaning in _synonyms.get(session) if meaning.word in asked]
    words, singles = _own_words(asked)
    for meaning in hits:
        for word in meaning.means:
            words[word] = max(words.get(word, 0.0), SYNONYM_WEIGHT)
    return Wish(
        words,
        singles,
        frozenset(meaning.category for meaning in hits if meaning.category),
        frozenset(meaning.audience for meaning in hits if meaning.audience),
    )


def _own_words(asked: str) -> tuple[dict[str, float], dict[str, float]]:
    words: dict[str, float] = {}
    singles: dict[str, float] = {}
    for run in search_text.runs(_without_fillers(asked)):
        pairs = search_text.pairs(run)
        words.update(dict.fromkeys(pairs, PAIR_WEIGHT))
        if len(pairs) > 1:
            words[run] = WHOLE_WEIGHT
        if search_text.is_chinese(run):
            weight = SINGLE_WEIGHT if pairs else LONE_SINGLE_WEIGHT
            singles.update({character: max(weight, singles.get(character, 0.0)) for character in run})
    return words, singles


def _without_fillers(text: str) -> str:
    return _filler_pattern().sub(" ", text)


@lru_cache(maxsize=1)
def _filler_pattern() -> re.Pattern[str]:
    content = yaml.safe_load((DATA / "search_fillers.yml").read_text(encoding="utf-8"))
    phrases: Iterable[str] = sorted(content["phrases"], key=len, reverse=True)
    return re.compile("|".join([*map(re.escape, phrases), f"[{content['characters']}]"]))


def _load_synonyms(session: Session) -> tuple[_Meaning, ...]:
    rows = session.execute(select(Synonym.words, Synonym.means, Synonym.category, Synonym.audience))
    return tuple(
        _Meaning(search_text.normalise(word), tuple(map(search_text.normalise, row.means)), row.category, row.audience)
        for row in rows
        for word in row.words
    )


_synonyms = versions.VersionedCache(VERSION_KIND, _load_synonyms)
