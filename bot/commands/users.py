"""`python -m bot users …`: the staff's accounts."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from bot import settings
from bot.community import staff
from bot.community.clock import utcnow
from bot.community.database import Database
from bot.community.errors import AlreadyTaken, InvalidValue, NotFound

app = typer.Typer(help="Accounts of the staff.", no_args_is_help=True)

REASONS = {
    ("role", "unknown_role"): "--role must be one of: " + ", ".join(staff.ROLES),
    ("login", "not_a_login"): "NAME must have 1 to 64 characters and no spaces",
    ("password", "too_short"): f"the password needs at least {staff.SHORTEST_PASSWORD} characters",
    ("password", "too_long"): f"the password has more than {staff.LONGEST_PASSWORD} characters",
}

PasswordStdin = Annotated[bool, typer.Option("--password-stdin", help="Read the password from standard input.")]


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="The log-in name.")],
    role: Annotated[str, typer.Option(help="One of: " + ", ".join(staff.ROLES))],
    password_stdin: PasswordStdin = False,
    display_name: Annotated[str, typer.Option(help="The name that residents see, such as 王芳.")] = "",
) -> None:
    """Make an account; prints a one-time password. Example: python -m bot users add wangfang --role operator"""
    password = _read_password() if password_stdin else None
    with _database() as database:
        made = database.call(
            staff.add_user, name, role, password=password, name=display_name or None, now=utcnow()
        )
    typer.echo(made.password or f"{made.staff.login} added")


@app.command("list")
def show() -> None:
    """List the accounts: log-in name, role, name."""
    with _database() as database:
        for user in database.call_reading(staff.list_users):
            typer.echo(f"{user.login}\t{user.role}\t{user.name}" + ("\tdisabled" if user.disabled else ""))


@app.command()
def reset(
    name: Annotated[str, typer.Argument(help="The log-in name.")], password_stdin: PasswordStdin = False
) -> None:
    """Set a new password; prints a one-time one. Ends the account's log-ins."""
    password = _read_password() if password_stdin else None
    with _database() as database:
        secret = database.call(staff.reset_password, name, actor="system", now=utcnow(), password=password)
    typer.echo(f"{name}: password set" if password_stdin else secret)


@app.command()
def disable(name: Annotated[str, typer.Argument(help="The log-in name.")]) -> None:
    """Close an account and end its log-ins."""
    with _database() as database:
        database.call(staff.set_disabled, name, True, actor="system", now=utcnow())
    typer.echo(f"{name} disabled")


@app.command()
def enable(name: Annotated[str, typer.Argument(help="The log-in name.")]) -> None:
    """Open a closed account again."""
    with _database() as database:
        database.call(staff.set_disabled, name, False, actor="system", now=utcnow())
    typer.echo(f"{name} enabled")


def _read_password() -> str:
    return sys.stdin.readline().rstrip("\r\n")


@contextmanager
def _database() -> Iterator[Database]:
    """The installation's database, up to date; a refusal ends the command with one sentence and code 1."""
    database = Database(settings.load().database_url)
    try:
        database.upgrade()
        yield database
    except AlreadyTaken as error:
        _fail(f"there is an account {error.subject} already; `users reset {error.subject}` sets a new password")
    except NotFound as error:
        _fail(f"there is no account {error.id}; `users list` shows them")
    except InvalidValue as error:
        _fail(REASONS.get((error.field, error.reason), str(error)))
    finally:
        database.dispose()


def _fail(sentence: str) -> None:
    typer.echo(f"Error: {sentence}", err=True)
    raise typer.Exit(1)
