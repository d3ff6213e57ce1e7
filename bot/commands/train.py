"""`python -m bot train`: the model of the present data, trained once."""

from __future__ import annotations

import typer

from bot import settings
from bot.commands.steps import Steps
from bot.problems import Problem
from bot.runtime.quiet import silence_libraries

app = typer.Typer()


@app.command()
def train() -> None:
    """Train the model unless its inputs are unchanged; prints the model's file."""
    silence_libraries()
    from bot.runtime import training

    with Steps() as steps:
        try:
            path = training.ensure_model(settings.read().model_dir, steps.begin)
        except training.TrainingFailed as error:
            raise Problem(f"the model could not be trained: {error}") from error
    typer.echo(path)
