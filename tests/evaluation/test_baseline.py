"""The trained model understands the held-out messages as well as it did when the baseline was committed."""

from __future__ import annotations

import pytest

from bot import settings
from bot.commands import triage
from bot.commands.evaluate import BASELINE, SETS, read
from bot.evaluation import baseline
from bot.evaluation.cases import load_sets
from bot.evaluation.run import evaluate
from bot.runtime import training


def test_nothing_fell_by_more_than_the_tolerance() -> None:
    if training.current_model(settings.load().model_dir) is None:
        pytest.skip("there is no trained model: make train")
    understander = triage.load()
    scores = evaluate(load_sets(SETS), lambda texts: read(understander, texts))
    assert baseline.regressions(baseline.read(BASELINE), scores) == []
