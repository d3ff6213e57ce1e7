"""`python -m bot keys …`: keys of programs that use the APIs."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.commands.installation import open_database
from bot.community import api_keys
from bot.community.clock import utcnow
from bot.community.errors import AlreadyTaken, CommunityError, InvalidValue, NotFound

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
    with open_database(_explain) as database:
        typer.echo(database.call(api_keys.create, name, scope, now=utcnow()))


@app.command("list")
def show() -> None:
    """List the keys: name, scopes, the part that may be shown."""
    with open_database(_explain) as database:
        for key in database.call_reading(api_keys.list_keys):
            line = f"{key.name}\t{','.join(key.scopes)}\t{key.public_id}"
            typer.echo(line + ("\trevoked" if key.revoked_at else ""))


@app.command()
def revoke(name: Annotated[str, typer.Argument(help="Whose key it is.")]) -> None:
    """End a key at once."""
    with open_database(_explain) as database:
        database.call(api_keys.revoke, name, actor="system", now=utcnow())
    typer.echo(f"{name} revoked")


def _explain(error: CommunityError) -> str:
    if isinstance(error, AlreadyTaken):
        return f"there is a key named {error.subject} already; a new one needs a new name"
    if isinstance(error, NotFound):
        return f"there is no key named {error.id}; `keys list` shows them"
    if isinstance(error, InvalidValue):
        return REASONS.get((error.field, error.reason), str(error))
    return str(error)
