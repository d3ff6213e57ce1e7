"""The order of search results, and the reasons for it; the same on every database."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.community import opening_hours
from bot.community.catalogue_views import ServiceQuery
from bot.community.wishes import Wish

CATEGORY_BONUS = 0.35
AUDIENCE_BONUS = 0.2
OTHER_AUDIENCE_PENALTY = 0.15
NEAR_BONUS = 0.15
OPEN_BONUS = 0.05
OWN_COMMUNITY_BONUS = 0.05
NEAR_M = 1000
CUT_OFF = 0.45  # of the best score: what is far less fitting would only distract
FIELD_WEIGHTS = (1.0, 0.85, 0.6, 0.5)  # name, keywords, category, the rest


@dataclass(frozen=True)
class Candidate:
    """A row to be ranked; texts are normalised: name, keywords, category, the rest."""

    row: int
    id: str
    title: str
    texts: tuple[str, str, str, str]
    category: str
    community_id: str | None
    audience: tuple[str, ...]
    hours: str | None
    place: tuple[float, float] | None


@dataclass(frozen=True)
class Ranked:
    candidate: Candidate
    score: float
    reasons: tuple[str, ...]
    distance_m: int | None


def rank(candidates: Sequence[Candidate], wish: Wish, query: ServiceQuery, *, now: datetime) -> list[Ranked]:
    """Fitting candidates, best first; those that match nothing, or far less than the best, are left out."""
    words = _word_scores(candidates, wish)
    categories = {query.category} if query.category else wish.categories
    ranked = [
        _ranked(candidate, words[candidate.row], categories, wish, query, now)
        for candidate in candidates
        if words[candidate.row] or candidate.category in categories
    ]
    ranked.sort(key=lambda each: (-each.score, each.distance_m or 0, each.candidate.id))
    return [each for each in ranked if each.score >= CUT_OFF * ranked[0].score]


def _word_scores(candidates: Sequence[Candidate], wish: Wish) -> dict[int, float]:
    """For each row, 0 to 1: how much of what was looked for it holds, rare words counting more."""
    holds = {
        each.row: {word: _field_weight(each, word) for word in (*wish.words, *wish.singles)} for each in candidates
    }
    total = len(candidates)
    rarity = {
        word: math.log(1 + total / (1 + sum(1 for held in holds.values() if held[word])))
        for word in (*wish.words, *wish.singles)
    }
    weights = {word: weight * rarity[word] for word, weight in {**wish.singles, **wish.words}.items()}
    best = sum(weight for word, weight in weights.items() if any(held[word] for held in holds.values())) or 1.0
    return {
        row: sum(weights[word] * held[word] for word in weights) / best if _is_match(held, wish) else 0.0
        for row, held in holds.items()
    }


def _is_match(held: dict[str, float], wish: Wish) -> bool:
    if any(held[word] for word in wish.words):
        return True
    # Single characters prove little: all must be there, and half of them in the name or keywords.
    weights = [held[character] for character in wish.singles]
    telling = sum(1 for weight in weights if weight >= FIELD_WEIGHTS[1])
    return bool(weights) and all(weights) and telling >= len(weights) / 2


def _field_weight(candidate: Candidate, word: str) -> float:
    for text, weight in zip(candidate.texts, FIELD_WEIGHTS, strict=True):
        if word in text:
            return weight
    return 0.0


def _ranked(
    candidate: Candidate,
    words: float,
    categories: frozenset[str] | set[str],
    wish: Wish,
    query: ServiceQuery,
    now: datetime,
) -> Ranked:
    distance = _distance_m(candidate.place, query.near)
    wanted = set(query.audience) | wish.audiences
    bonuses = {
        "words": words,
        "category": CATEGORY_BONUS if candidate.category in categories else 0.0,
        "audience": AUDIENCE_BONUS if wanted & set(candidate.audience) else 0.0,
        "near": NEAR_BONUS * math.exp(-distance / NEAR_M) if distance is not None and distance <= 3 * NEAR_M else 0.0,
        "open_now": OPEN_BONUS if candidate.hours and opening_hours.is_open(candidate.hours, now) else 0.0,
        "same_community": OWN_COMMUNITY_BONUS
        if query.community_id and candidate.community_id == query.community_id
        else 0.0,
    }
    score = sum(bonuses.values()) - _misfit(candidate, wanted)
    reasons = [name for name, bonus in bonuses.items() if bonus > 0]
    if query.community_id and candidate.community_id not in (None, query.community_id):
        reasons.append("other_community")
    return Ranked(candidate, round(score, 4), tuple(reasons), distance)


def _misfit(candidate: Candidate, wanted: set[str]) -> float:
    """A service for others only, when it is known for whom something is looked for."""
    fits = not candidate.audience or "all" in candidate.audience or wanted & set(candidate.audience)
    return OTHER_AUDIENCE_PENALTY if wanted and not fits else 0.0


def _distance_m(place: tuple[float, float] | None, near: tuple[float, float] | None) -> int | None:
    if place is None or near is None:
        return None
    (lat1, lon1), (lat2, lon2) = ((math.radians(lat), math.radians(lon)) for lat, lon in (place, near))
    # The Earth is flat enough within a city.
    east = (lon2 - lon1) * math.cos((lat1 + lat2) / 2)
    return round(6_371_000 * math.hypot(lat2 - lat1, east))
