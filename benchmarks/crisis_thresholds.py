"""Cross-validation of the crisis guard on data/nlu: where the thresholds of bot/nlu/crisis/learnt.py come from.

    python benchmarks/crisis_thresholds.py [--errors] [--cache FILE]

Every example gets learnt probabilities from a model that did not see it (nor its near neighbours in the file: folds
are runs of lines), then the guard is measured with patterns alone, the model alone, and both. One's own short lines are
kinder than real messages, so a threshold is chosen with room on both sides, not at the optimum. Never reads the
evaluation sets.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import yaml

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bot.community.taxonomy import CRISIS_LEVELS  # noqa: E402
from bot.nlu import crisis_guard  # noqa: E402
from bot.nlu.crisis import learnt  # noqa: E402
from bot.nlu.crisis_model import CrisisModel, Likelihood  # noqa: E402
from bot.nlu.normaliser import normalise  # noqa: E402

FOLDS = 5
RUN = 3  # neighbouring lines are often variations of one message, so they share a fold
HARD = ("crisis.yml", "crisis_more.yml")  # their lines of level none are the hard negatives


@dataclass(frozen=True)
class Row:
    text: str
    level: str
    file: str


def read_rows() -> list[Row]:
    """All examples with their level ("none" where the metadata names none)."""
    return [row for path in sorted((ROOT / "data" / "nlu").glob("*.yml")) for row in _read_file(path)]


def _read_file(path: Path) -> Iterator[Row]:
    for block in yaml.safe_load(path.read_text(encoding="utf-8")).get("nlu") or []:
        level = (block.get("metadata") or {}).get("crisis", "none")
        for line in block.get("examples", "").splitlines():
            if line.startswith("- "):
                yield Row(normalise(line[2:]), level, path.name)


def cross_validate(rows: list[Row]) -> list[Likelihood]:
    """Probabilities for each row, from a model trained without its fold."""
    folds = np.arange(len(rows)) // RUN % FOLDS
    result: list[Likelihood | None] = [None] * len(rows)
    for fold in range(FOLDS):
        training = [row for row, own in zip(rows, folds, strict=True) if own != fold]
        model = CrisisModel.train([row.text for row in training], [row.level for row in training])
        held = [i for i in range(len(rows)) if folds[i] == fold]
        for i, likelihood in zip(held, model.levels([rows[i].text for i in held]), strict=True):
            result[i] = likelihood
    return [likelihood for likelihood in result if likelihood is not None]


@dataclass(frozen=True)
class Score:
    """Rates: of crisis rows found, crisis rows at least concern, hard and calm rows called crisis, and so on."""

    recall: float
    missed: float
    hard_crisis: float
    hard_any: float
    calm_crisis: float
    calm_any: float
    f1_against_concern: float

    def __str__(self) -> str:
        return "  ".join(f"{name} {value:.4f}" for name, value in self.__dict__.items())


def measure(rows: list[Row], levels: list[str]) -> Score:
    def rate(of: list[str], *wanted: str) -> float:
        return sum(level in wanted for level in of) / max(1, len(of))

    crisis = [got for row, got in zip(rows, levels, strict=True) if row.level == "crisis"]
    concern = [got for row, got in zip(rows, levels, strict=True) if row.level == "concern"]
    hard = [got for row, got in zip(rows, levels, strict=True) if row.level == "none" and row.file in HARD]
    calm = [got for row, got in zip(rows, levels, strict=True) if row.level == "none" and row.file not in HARD]
    hits, wrong = crisis.count("crisis"), concern.count("crisis")
    return Score(
        recall=rate(crisis, "crisis"),
        missed=rate(crisis, "none"),
        hard_crisis=rate(hard, "crisis"),
        hard_any=rate(hard, "crisis", "concern"),
        calm_crisis=rate(calm, "crisis"),
        calm_any=rate(calm, "crisis", "concern"),
        f1_against_concern=2 * hits / max(1, 2 * hits + wrong + len(crisis) - hits),
    )


def levels_of(rows: list[Row], likelihoods: list[Likelihood | None]) -> list[str]:
    return [crisis_guard.assess(row.text, p).level for row, p in zip(rows, likelihoods, strict=True)]


def sweep(rows: list[Row], likelihoods: list[Likelihood]) -> None:
    """The guard with other thresholds, one pair varied at a time."""
    for name in ("CUED", "PLAIN", "CALM"):
        usual = getattr(learnt, name)
        for crisis_at in (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.97):
            setattr(learnt, name, (crisis_at, max(usual[1], crisis_at)))
            print(f"{name:5} {crisis_at:.2f}  {measure(rows, levels_of(rows, likelihoods))}")
        setattr(learnt, name, usual)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--errors", action="store_true", help="print the rows that the guard gets wrong")
    parser.add_argument("--sweep", action="store_true", help="measure other thresholds too")
    parser.add_argument("--cache", type=Path, help="keep the probabilities in this file")
    options = parser.parse_args()
    rows = read_rows()
    print(Counter(row.level for row in rows))
    if options.cache and options.cache.exists():
        known = json.loads(options.cache.read_text(encoding="utf-8"))
        rows = [row for row in rows if row.text in known]
        likelihoods = [known[row.text] for row in rows]
    else:
        likelihoods = cross_validate(rows)
        if options.cache:
            content = {row.text: p for row, p in zip(rows, likelihoods, strict=True)}
            options.cache.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    patterns = levels_of(rows, [None] * len(rows))
    both = levels_of(rows, likelihoods)
    alone = [learnt.level(p, learnt.CUED) for p in likelihoods]
    for name, levels in (("patterns", patterns), ("model", alone), ("both", both)):
        print(f"{name:9} {measure(rows, levels)}")
    if options.errors:
        for row, pattern, level, p in zip(rows, patterns, both, likelihoods, strict=True):
            if row.level != level or row.level != pattern:
                guess = " ".join(f"{p[name]:.2f}" for name in CRISIS_LEVELS)
                print(f"{row.level}\tpatterns {pattern}\tboth {level}\t[{guess}]\t{row.file}\t{row.text}")
    if options.sweep:
        sweep(rows, likelihoods)


if __name__ == "__main__":
    main()
