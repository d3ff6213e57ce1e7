"""What counts as right. Every measure is a share of messages, and more is always better."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bot.evaluation.cases import Case

Triage = dict[str, Any]
BINS = 10


@dataclass
class Share:
    """So many right, of so many."""

    right: int = 0
    of: int = 0

    @property
    def value(self) -> float:
        return self.right / self.of if self.of else 0.0

    def add(self, right: bool) -> None:
        self.right += right
        self.of += 1


def judge(case: Case, triage: Triage) -> Iterator[tuple[str, bool]]:
    """The measures that a case has, and whether its triage object is right by each.

    domain, category, among_three: the first reading; any of the first three. booking: the wanted intent.
    refused: out of scope is called so; let_in: nothing else is. crisis_found, crisis_raised: a crisis is called one, or
    at least concern; concern_raised; calm_kept: a calm message is no crisis, calm_quiet: and no concern either.
    address: building, unit and room all right; fields: every labelled field right. urgency.
    """
    if case.domains:
        yield "domain", triage["domain"] in case.domains
    if case.categories:
        yield "category", triage["category"] in case.categories
        yield "among_three", bool(case.categories.intersection(_first_three(triage)))
        yield ("refused", _refused(triage)) if case.refusable else ("let_in", not _refused(triage))
    if case.intent:
        yield "booking", triage["intent"] == case.intent
    yield from _judge_crisis(case, triage["crisis"])
    if case.urgency:
        yield "urgency", triage["urgency"] in case.urgency
    yield from _judge_fields(case, triage["entities"])


def _judge_crisis(case: Case, level: str) -> Iterator[tuple[str, bool]]:
    if case.crisis == {"crisis"}:
        yield "crisis_found", level == "crisis"
        yield "crisis_raised", level != "none"
    elif "none" not in case.crisis and case.crisis:
        yield "concern_raised", level != "none"
    elif case.crisis:
        yield "calm_kept", level != "crisis"
        yield "calm_quiet", level in case.crisis


def _judge_fields(case: Case, entities: dict[str, Any]) -> Iterator[tuple[str, bool]]:
    right = {name: str(entities.get(name)) == value for name, value in case.fields.items()}
    address = [right[name] for name in ("building", "unit", "room") if name in right]
    if address:
        yield "address", all(address)
    if right:
        yield "fields", all(right.values())


def _first_three(triage: Triage) -> list[str | None]:
    return [triage["category"], *(each["category"] for each in triage["alternatives"][:2])]


def _refused(triage: Triage) -> bool:
    return triage["category"] == "out_of_scope"


class Scores:
    """The shares of one set, or of all; the categories' own shares; what was taken for what; a line for each message
    with something wrong.
    """

    def __init__(self) -> None:
        self.measures: dict[str, Share] = {}
        self.categories: dict[str, Share] = {}
        self.confusions: Counter[tuple[str, str]] = Counter()
        self.misread: list[str] = []
        self._bins: dict[int, list[tuple[float, bool]]] = defaultdict(list)

    def add(self, case: Case, triage: Triage) -> None:
        """Count one message."""
        judged = dict(judge(case, triage))
        for measure, right in judged.items():
            self.measures.setdefault(measure, Share()).add(right)
        if wrong := [measure for measure, right in judged.items() if not right]:
            self.misread.append(f"{case.id}: {', '.join(wrong)}: {case.text}")
        if case.category is None:
            return
        right = triage["category"] in case.categories
        self.categories.setdefault(case.category, Share()).add(right)
        confidence = float(triage["confidence"])
        self._bins[min(int(confidence * BINS), BINS - 1)].append((confidence, right))
        if not right:
            self.confusions[case.category, triage["category"] or triage["intent"]] += 1

    @property
    def macro(self) -> float:
        """The mean of the categories' shares: a rare category counts as much as a common one."""
        shares = [share.value for share in self.categories.values()]
        return sum(shares) / len(shares) if shares else 0.0

    @property
    def calibration_error(self) -> float:
        """Expected calibration error: how far the stated confidence is from the share of right readings."""
        total = sum(len(inside) for inside in self._bins.values())
        gaps = (abs(sum(c for c, _ in inside) - sum(r for _, r in inside)) for inside in self._bins.values())
        return sum(gaps) / total if total else 0.0


def score(cases: Sequence[Case], triages: Iterable[Triage]) -> Scores:
    """The scores of cases with their triage objects, in the same order."""
    scores = Scores()
    for case, triage in zip(cases, triages, strict=True):
        scores.add(case, triage)
    return scores
