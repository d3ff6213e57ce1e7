"""`python -m bot rasa`: the Rasa server alone."""

from __future__ import annotations

import typer

app = typer.Typer()


@app.command()
def rasa() -> None:
    """Serve residents on RASA_PORT until told to stop."""
    from bot.runtime.quiet import silence_libraries

    silence_libraries()
    from bot.runtime.rasa_process import run

    run()
