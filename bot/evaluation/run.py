"""One evaluation: the model reads every set."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.evaluation.cases import Case
from bot.evaluation.measures import Scores, Triage, score

ALL = "all"


def evaluate(sets: dict[str, list[Case]], read: Callable[[Sequence[str]], list[Triage]]) -> dict[str, Scores]:
    """The scores of each set by its name, and of all of them together under ALL. read: texts to triage objects."""
    triages = {name: read([case.text for case in cases]) for name, cases in sets.items()}
    scores = {name: score(cases, triages[name]) for name, cases in sets.items()}
    scores[ALL] = Scores()
    for name, cases in sets.items():
        for case, triage in zip(cases, triages[name], strict=True):
            scores[ALL].add(case, triage)
    return scores
