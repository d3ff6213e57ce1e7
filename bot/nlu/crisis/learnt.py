"""How the learnt probabilities and the patterns make one level.

The thresholds come from `benchmarks/crisis_thresholds.py` (cross-validation on data/nlu, with a margin because real
messages are other people's words); docs/crisis-guard.md has the numbers.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.community.taxonomy import CRISIS_LEVELS

CRISIS_AT = 0.55  # p(crisis) from which the model alone says crisis
CONCERN_AT = 0.50  # p(crisis) + p(concern) from which the model alone says concern
SUPPORT_AT = 0.25  # the same sum, from which a weak pattern (崩溃, 受不了) counts as concern
# A message whose only words of death are harmless phrases (热死了), or whose wish is denied, is believed
# against a model that is less sure than this.
CERTAIN_AT = 0.90


def worse(one: str, other: str) -> str:
    return max(one, other, key=CRISIS_LEVELS.index)


def distress(learnt: Mapping[str, float] | None) -> float:
    """The probability that something is wrong; 0.0 without a model."""
    return learnt["crisis"] + learnt["concern"] if learnt else 0.0


def level(learnt: Mapping[str, float] | None, *, calm: bool, denied: bool) -> str:
    """The model's level. calm: the text was recognised for certain as harmless; denied: it denies a wish."""
    if learnt is None:
        return "none"
    if calm and max(learnt["crisis"], distress(learnt)) < CERTAIN_AT:
        return "none"
    if learnt["crisis"] >= (CERTAIN_AT if denied else CRISIS_AT):
        return "crisis"
    return "concern" if distress(learnt) >= CONCERN_AT else "none"
