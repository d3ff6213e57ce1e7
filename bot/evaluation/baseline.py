"""The last committed scores, and what counts as worse than they are."""

from __future__ import annotations

import json
from pathlib import Path

from bot.evaluation.measures import Scores, Share
from bot.problems import Problem

# A set has 16 to 140 messages, so one message more or less is up to six points: a fall counts when it is larger than
# the tolerance and than so many messages.
TOLERANCE = 0.03
MESSAGES = 2

Baseline = dict[str, dict[str, Share]]


def read(path: Path) -> Baseline:
    """The shares by set and measure. Raises Problem when the file can't be read."""
    try:
        sets = json.loads(path.read_text(encoding="utf-8"))
        return {
            name: {measure: Share(**share) for measure, share in measures.items()} for name, measures in sets.items()
        }
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise Problem(f"can't read the baseline {path}; write it with --update: {error}") from error


def write(path: Path, sets: dict[str, Scores]) -> None:
    """Make these scores the baseline."""
    plain = {
        name: {measure: vars(share) for measure, share in sorted(scores.measures.items())}
        for name, scores in sets.items()
    }
    path.write_text(json.dumps(plain, indent=1) + "\n", encoding="utf-8")


def regressions(baseline: Baseline, sets: dict[str, Scores], tolerance: float = TOLERANCE) -> list[str]:
    """One line for each share that fell by more than the tolerance; empty when understanding is as good as before."""
    return [
        f"{name}, {measure}: {now.value:.3f} where it was {before.value:.3f}"
        for name, measures in baseline.items()
        for measure, before in measures.items()
        if (now := _now(sets, name, measure)) and _fell(before, now, tolerance)
    ]


def _now(sets: dict[str, Scores], name: str, measure: str) -> Share | None:
    return sets[name].measures.get(measure) if name in sets else None


def _fell(before: Share, now: Share, tolerance: float) -> bool:
    fall = before.value - now.value
    return fall > tolerance and fall * now.of > MESSAGES + 1e-6
