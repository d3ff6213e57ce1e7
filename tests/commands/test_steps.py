"""Steps of long work are told plainly where there is no terminal."""

from __future__ import annotations

import io

from bot.commands.steps import Steps


def test_each_step_is_a_line() -> None:
    stream = io.StringIO()
    with Steps(stream) as steps:
        steps.begin("preparing the database")
        steps.begin("importing")
    assert stream.getvalue().splitlines() == ["preparing the database …", "importing …"]


def test_step_that_took_long_is_told_to_be_done() -> None:
    stream, times = io.StringIO(), iter([0.0, 65.0])
    with Steps(stream, clock=lambda: next(times)) as steps:
        steps.begin("training")
    assert stream.getvalue().splitlines()[-1] == "training: done in 65.0 s"


def test_failed_step_is_not_told_to_be_done() -> None:
    stream, times = io.StringIO(), iter([0.0, 65.0])
    steps = Steps(stream, clock=lambda: next(times))
    steps.begin("training")
    steps.__exit__(RuntimeError, RuntimeError(), None)
    assert "done" not in stream.getvalue()
