"""`python -m bot prepare`: what `serve` does first, and all there is to do where the processes run apart."""

from __future__ import annotations

import typer

from bot import settings
from bot.commands import preparation
from bot.commands.starting import check_disk
from bot.commands.steps import Steps
from bot.runtime.quiet import silence_libraries

app = typer.Typer()


@app.command()
def prepare() -> None:
    """Bring database, content, model and first account in place; prints a new account's one-time password."""
    silence_libraries()
    config = settings.load()
    check_disk(settings.VAR)
    with Steps() as steps:
        account = preparation.prepare(config, steps)
    if account:
        typer.echo(account.announcement())
