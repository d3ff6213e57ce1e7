"""`python -m bot evaluate`: how well the trained model understands labelled messages, against the last baseline."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

import typer

from bot.commands import triage
from bot.evaluation import baseline as baselines
from bot.evaluation.cases import load_sets
from bot.evaluation.measures import Triage
from bot.evaluation.report import report
from bot.evaluation.run import ALL
from bot.evaluation.run import evaluate as run
from bot.evaluation.speed import measure
from bot.nlu.moment import now
from bot.nlu.understanding import Understander
from bot.settings import ROOT

SETS = ROOT / "tests/evaluation"
BASELINE = SETS / "baseline.json"

app = typer.Typer()


@app.command()
def evaluate(
    sets: Path = typer.Option(SETS, help="folder of labelled messages, *.jsonl"),
    baseline: Path = typer.Option(BASELINE, help="scores to compare with"),
    misread: bool = typer.Option(False, "--misread", help="name each message with something wrong"),
    update: bool = typer.Option(False, "--update", help="make these scores the baseline instead of comparing"),
) -> None:
    """Print tables for each set and category, and exit with 1 when a score fell by more than the tolerance."""
    cases = load_sets(sets)
    start = perf_counter()
    understander = triage.load()
    loading = perf_counter() - start
    scores = run(cases, lambda texts: read(understander, texts))
    texts = [case.text for each in cases.values() for case in each]
    speed = measure(lambda some: understander.understand(some, now=now()), texts, loading)
    for line in report(scores, speed):
        typer.echo(line)
    if misread:
        typer.echo("\n".join(scores[ALL].misread))
    if update:
        baselines.write(baseline, scores)
        typer.echo(f"baseline written: {baseline}")
    else:
        _compare(baselines.read(baseline), scores)


def read(understander: Understander, texts: Sequence[str]) -> list[Triage]:
    """The triage object of each text, in order."""
    return [understood.as_triage() for understood in understander.understand(texts, now=now())]


def _compare(before: baselines.Baseline, scores: dict) -> None:
    worse = baselines.regressions(before, scores)
    for line in worse:
        typer.echo(f"worse than the baseline: {line}")
    if worse:
        raise typer.Exit(1)
    typer.echo(f"no score is more than {baselines.TOLERANCE:.0%} and {baselines.MESSAGES} messages below the baseline")
