"""`python -m bot actions`: the custom actions as a server of their own."""

from __future__ import annotations

import typer

app = typer.Typer()


@app.command()
def actions() -> None:
    """Serve Rasa's action protocol on ACTIONS_PORT until told to stop."""
    from bot.runtime.quiet import silence_libraries

    silence_libraries()
    from bot.runtime.action_server import run

    run()
