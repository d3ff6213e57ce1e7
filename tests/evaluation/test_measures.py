"""What is counted, on triage objects made by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.evaluation import baseline
from bot.evaluation.cases import Case, load_sets
from bot.evaluation.measures import Scores, judge, score
from bot.evaluation.run import ALL, evaluate
from bot.problems import Problem


def case(tmp_path: Path, **row: Any) -> Case:
    (tmp_path / "one.jsonl").write_text(json.dumps({"id": "a", "text": "一句话", **row}), encoding="utf-8")
    return load_sets(tmp_path)["one"][0]


def triage(category: str = "noise", domain: str = "property", **more: Any) -> dict[str, Any]:
    plain = {"intent": "report_property", "confidence": 0.5, "alternatives": [], "urgency": "routine"}
    return {**plain, "crisis": "none", "entities": {}, "category": category, "domain": domain, **more}


def test_accepted_category_counts_with_its_domain(tmp_path: Path) -> None:
    right = dict(judge(case(tmp_path, category="noise", accept=["mediation"]), triage("mediation", "safety")))
    assert right == {"domain": True, "category": True, "among_three": True, "let_in": True}


def test_only_the_first_two_alternatives_are_among_three(tmp_path: Path) -> None:
    others = [{"category": name} for name in ("sanitation", "fees", "elevator")]
    for category, expected in (("fees", True), ("elevator", False)):
        right = dict(judge(case(tmp_path, category=category), triage(alternatives=others)))
        assert (right["category"], right["among_three"]) == (False, expected)


def test_refusing_is_measured_both_ways(tmp_path: Path) -> None:
    refusal = triage("out_of_scope", "meta")
    assert dict(judge(case(tmp_path, category="out_of_scope"), refusal))["refused"]
    assert not dict(judge(case(tmp_path, category="noise"), refusal))["let_in"]


@pytest.mark.parametrize(
    ("wanted", "level", "expected"),
    [
        ("crisis", "concern", {"crisis_found": False, "crisis_raised": True}),
        ("concern", "none", {"concern_raised": False}),
        (["concern", "crisis"], "crisis", {"concern_raised": True}),
        ("none", "concern", {"calm_kept": True, "calm_quiet": False}),
        (["none", "concern"], "concern", {"calm_kept": True, "calm_quiet": True}),
    ],
)
def test_crisis_levels(tmp_path: Path, wanted: Any, level: str, expected: dict[str, bool]) -> None:
    assert dict(judge(case(tmp_path, crisis=wanted), triage(crisis=level))) == expected


def test_address_is_right_only_when_every_part_is(tmp_path: Path) -> None:
    message = case(tmp_path, building="3", unit="2", room=501)
    assert dict(judge(message, triage(entities={"building": "3", "unit": "2", "room": "501"})))["address"]
    assert not dict(judge(message, triage(entities={"building": "3", "room": "501"})))["address"]


def test_calibration_error_is_the_gap_between_confidence_and_truth(tmp_path: Path) -> None:
    message = case(tmp_path, category="noise")
    scores = score([message, message], [triage(confidence=0.82), triage("fees", confidence=0.82)])
    assert scores.calibration_error == pytest.approx(0.32)
    assert scores.confusions == {("noise", "fees"): 1}
    assert scores.misread == ["a: category, among_three: 一句话"]


def test_total_is_over_the_messages_of_all_sets(tmp_path: Path) -> None:
    message = case(tmp_path, category="noise")
    scores = evaluate({"one": [message], "two": [message] * 3}, lambda texts: [triage()] * len(texts))
    assert scores[ALL].measures["category"].of == 4


@pytest.mark.parametrize("row", ['{"id": 1}', '{"text": "x", "category": "nothing"}', '{"text": "x", "crisis": "bad"}'])
def test_wrong_row_is_named(tmp_path: Path, row: str) -> None:
    (tmp_path / "bad.jsonl").write_text(row, encoding="utf-8")
    with pytest.raises(Problem, match=r"bad\.jsonl, line 1"):
        load_sets(tmp_path)


def scores_of(right: int, of: int) -> dict[str, Scores]:
    scores = Scores()
    for number in range(of):
        scores.measures.setdefault("category", baseline.Share()).add(number < right)
    return {"chats": scores}


@pytest.mark.parametrize(
    ("right", "of", "worse"),
    [(95, 100, False), (97, 100, False), (88, 100, True), (18, 20, False), (16, 20, True), (100, 100, False)],
)
def test_fall_counts_above_the_tolerance_and_two_messages(tmp_path: Path, right: int, of: int, worse: bool) -> None:
    path = tmp_path / "baseline.json"
    baseline.write(path, scores_of(95, 100))
    assert bool(baseline.regressions(baseline.read(path), scores_of(right, of))) is worse


def test_missing_baseline_says_how_to_write_it(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="--update"):
        baseline.read(tmp_path / "none.json")
