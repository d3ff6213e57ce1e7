"""The database that a command works on, and how a command ends when the core refuses."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import typer

from bot import settings
from bot.community.database import Database
from bot.community.errors import CommunityError


@contextmanager
def open_database(explain: Callable[[CommunityError], str]) -> Iterator[Database]:
    """The installation's database with its tables up to date.

    A refusal of the core ends the command with code 1 and the sentence that explain gives for it, on stderr.
    """
    database = Database(settings.load().database_url)
    try:
        database.upgrade()
        yield database
    except CommunityError as error:
        typer.echo(f"Error: {explain(error)}", err=True)
        raise typer.Exit(1) from None
    finally:
        database.dispose()
