"""The command line: `python -m bot COMMAND`. A command's module is imported when the command is used, not before."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_command

from bot.problems import EXIT_CODE, Problem
from bot.runtime.parenthood import follow_parent

COMMANDS = {
    "serve": "Prepare everything and serve the bot, the chat page and the console.",
    "prepare": "Only the preparation: database, content, model, first account.",
    "doctor": "Check settings, database, model, channels and disk; say what to do.",
    "train": "Train the model unless its inputs are unchanged.",
    "validate": "Check domain, stories, rules and messages against each other.",
    "triage": "Understand JSON lines of messages; no server needed.",
    "evaluate": "Measure understanding on labelled messages.",
    "catalogue": "Services, guides, people and places: from and to files.",
    "users": "Accounts of the staff.",
    "keys": "API keys of partners' programs.",
    "wechat": "The WeChat Official Account: its menu, its credentials.",
    "db": "The database's tables.",
    "rasa": "Only the Rasa server, with the channels.",
    "actions": "Only a server for the custom actions (see ACTIONS_URL).",
    "console": "Only the staff console.",
    "dispatcher": "Only the dispatcher of notifications and alarms.",
}


class Commands(TyperGroup):
    """Knows the names and help lines of its commands; the module bot.commands.NAME holds the command as `app`."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        return get_command(import_module(f"bot.commands.{cmd_name}").app) if cmd_name in COMMANDS else None

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


app = typer.Typer(
    cls=Commands, rich_markup_mode=None, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False
)


@app.callback()
def bot() -> None:
    """The community services bot."""


def main(arguments: list[str] | None = None) -> None:
    """Run a command; a Problem becomes one sentence on stderr and exit code EXIT_CODE."""
    follow_parent()
    try:
        app(arguments, prog_name="python -m bot")
    except Problem as problem:
        typer.echo(f"Error: {problem}", err=True)
        sys.exit(EXIT_CODE)


if __name__ == "__main__":
    main()
