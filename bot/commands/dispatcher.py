"""`python -m bot dispatcher`: notifications, alarms and service levels."""

from __future__ import annotations

import typer

app = typer.Typer()


@app.command()
def dispatcher() -> None:
    """Deliver notifications and watch alarms and tickets until told to stop."""
    from bot.dispatcher.process import run

    run()
