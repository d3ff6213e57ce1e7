"""`python -m bot console`: the staff console alone."""

from __future__ import annotations

import typer

from bot import settings
from bot.runtime.quiet import silence_libraries

app = typer.Typer()


@app.command()
def console() -> None:
    """Serve the staff on CONSOLE_PORT until told to stop."""
    silence_libraries()
    from bot.console.serve import run

    run(settings.load())
