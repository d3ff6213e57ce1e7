"""The first thing to do in a danger, from data/advice.yml."""

from __future__ import annotations

from functools import lru_cache

from bot.community.paths import DATA
from bot.nlu.patterns import read_yaml
from bot.nlu.urgency import OTHER, Urgency


def advice_for(urgency: Urgency, crisis: str) -> str | None:
    """What a resident should do now and whom to call; None when nothing presses. crisis: level of the guard."""
    if crisis == "crisis" and urgency.kind != "violence":
        return _advice()["emergency"]["crisis"]
    by_kind = _advice().get(urgency.level)
    if by_kind is None:
        return None
    return by_kind.get(urgency.kind, by_kind.get(OTHER))


@lru_cache(maxsize=1)
def _advice() -> dict[str, dict[str, str]]:
    return read_yaml(DATA / "advice.yml")
