"""What the learnt probabilities are worth, by the words around them.

The thresholds come from `benchmarks/crisis_thresholds.py` (cross-validation on data/nlu, with a margin because real
messages are other people's words); docs/crisis-guard.md has the numbers.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.community.taxonomy import CRISIS_LEVELS

# p(crisis) from which the model says crisis, and p(crisis) + p(concern) from which it says concern:
CUED = (0.50, 0.35)  # a word of death, harm or parting stands in the text
PLAIN = (0.80, 0.60)  # no such word
CALM = (0.95, 0.75)  # recognised for certain as harmless: idioms (热死了), a film, a joke, something long past
TOLD_OF = (0.98, 0.95)  # a public case, a profession, a dream, a leaflet, or words against it
RESCUE = (0.99, 0.97)  # another emergency (叫不醒, 困在电梯) with no sign that it was done on purpose
DENIED = (0.90, 0.50)  # a wish is expressly denied (没有想自杀)
SUPPORT_AT = 0.25  # the sum from which a weak pattern (崩溃, 受不了) counts as concern


def worse(one: str, other: str) -> str:
    return max(one, other, key=CRISIS_LEVELS.index)


def distress(likelihood: Mapping[str, float] | None) -> float:
    """The probability that something is wrong; 0.0 without a model."""
    return likelihood["crisis"] + likelihood["concern"] if likelihood else 0.0


def level(likelihood: Mapping[str, float] | None, thresholds: tuple[float, float]) -> str:
    """The model's level; "none" without a model."""
    if likelihood is None:
        return "none"
    crisis_at, concern_at = thresholds
    if likelihood["crisis"] >= crisis_at:
        return "crisis"
    return "concern" if distress(likelihood) >= concern_at else "none"
