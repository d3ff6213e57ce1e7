"""`python -m bot keys …`: keys of programs that use the APIs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from bot import settings
from bot.community import api_keys
from bot.community.clock import utcnow
from bot.community.database import Database
from bot.community.errors import AlreadyTaken, InvalidValue, NotFound

app = typer.Typer(help="API keys of partners' programs.", no_args_is_help=True)

REASONS = {
    ("scope", "unknown_scope"): "--scope must be one of: " + ", ".join(api_keys.SCOPES),
    ("scope", "empty"): "give at least one --scope: " + ", ".join(api_keys.SCOPES),
    ("name", "not_a_name"): "NAME must have 1 to 64 characters",
}


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="Whose key it is.")],
    scope: Annotated[list[str], typer.Option(help="May be given several times: " + ", ".join(api_keys.SCOPES))],
) -> None:
    """Make a key and print it once. Example: python -m bot keys add city-hotline --scope open311"""
    with _database() as database:
        typer.echo(database.call(api_keys.create, name, scope, now=utcnow()))


@app.command("list")
def show() -> None:
    """List the keys: name, scopes, the part that may be shown."""
    with _database() as database:
        for key in database.call_reading(api_keys.list_keys):
            line = f"{key.name}\t{','.join(key.scopes)}\t{key.public_id}"
            typer.echo(line + ("\trevoked" if key.revoked_at else ""))


@app.command()
def revoke(name: Annotated[str, typer.Argument(help="Whose key it is.")]) -> None:
    """End a key at once."""
    with _database() as database:
        database.call(api_keys.revoke, name, actor="system", now=utcnow())
    typer.echo(f"{name} revoked")


@contextmanager
def _database() -> Iterator[Database]:
    """The installation's database, up to date; a refusal ends the command with one sentence and code 1."""
    database = Database(settings.load().database_url)
    try:
        database.upgrade()
        yield database
    except AlreadyTaken as error:
        _fail(f"there is a key named {error.subject} already; `keys revoke` ends it, and a new one needs a new name")
    except NotFound as error:
        _fail(f"there is no key named {error.id}; `keys list` shows them")
    except InvalidValue as error:
        _fail(REASONS.get((error.field, error.reason), str(error)))
    finally:
        database.dispose()


def _fail(sentence: str) -> None:
    typer.echo(f"Error: {sentence}", err=True)
    raise typer.Exit(1)
