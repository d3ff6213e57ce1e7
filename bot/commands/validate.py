"""`python -m bot validate`: Rasa's own check of the data, where a warning is a failure, and our linter's."""

from __future__ import annotations

import os

import typer

from bot.problems import Problem
from bot.runtime.quiet import silence_libraries
from bot.settings import ROOT

app = typer.Typer()


@app.command()
def validate() -> None:
    """Check domain, stories, rules and messages against each other; exit code 78 when something does not fit."""
    silence_libraries()
    os.environ["LOG_LEVEL"] = "ERROR"  # else Rasa draws a progress bar for each of its inner steps
    from bot.runtime.data_linter import lint
    from bot.runtime.validation import validate as run

    complaints = lint(ROOT) + run(ROOT)
    for complaint in complaints:
        typer.echo(complaint)
    if complaints:
        raise Problem(f"{len(complaints)} complaints about the data")
    typer.echo("the Rasa data fits together")
