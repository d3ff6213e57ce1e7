"""`python -m bot db …`: the database's tables."""

from __future__ import annotations

import typer

from bot.commands.installation import open_database

app = typer.Typer(help="The database's tables.", no_args_is_help=True)


@app.callback()
def db() -> None:
    """The database's tables."""


@app.command()
def upgrade() -> None:
    """Bring the tables to the newest version; safe while the product runs and when called twice."""
    with open_database(str):
        typer.echo("the database is up to date")
