"""`python -m bot users …`: the staff's accounts."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from bot.commands.installation import open_database
from bot.community import staff
from bot.community.clock import utcnow
from bot.community.errors import AlreadyTaken, CommunityError, InvalidValue, NotFound

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
    with open_database(_explain) as database:
        made = database.call(staff.add_user, name, role, password=password, name=display_name or None, now=utcnow())
    typer.echo(made.password or f"{made.staff.login} added")


@app.command("list")
def show() -> None:
    """List the accounts: log-in name, role, name."""
    with open_database(_explain) as database:
        for user in database.call_reading(staff.list_users):
            typer.echo(f"{user.login}\t{user.role}\t{user.name}" + ("\tdisabled" if user.disabled else ""))


@app.command()
def reset(name: Annotated[str, typer.Argument(help="The log-in name.")], password_stdin: PasswordStdin = False) -> None:
    """Set a new password; prints a one-time one. Ends the account's log-ins."""
    password = _read_password() if password_stdin else None
    with open_database(_explain) as database:
        secret = database.call(staff.reset_password, name, actor="system", now=utcnow(), password=password)
    typer.echo(f"{name}: password set" if password_stdin else secret)


@app.command()
def disable(name: Annotated[str, typer.Argument(help="The log-in name.")]) -> None:
    """Close an account and end its log-ins."""
    with open_database(_explain) as database:
        database.call(staff.set_disabled, name, True, actor="system", now=utcnow())
    typer.echo(f"{name} disabled")


@app.command()
def enable(name: Annotated[str, typer.Argument(help="The log-in name.")]) -> None:
    """Open a closed account again."""
    with open_database(_explain) as database:
        database.call(staff.set_disabled, name, False, actor="system", now=utcnow())
    typer.echo(f"{name} enabled")


def _read_password() -> str:
    return sys.stdin.readline().rstrip("\r\n")


def _explain(error: CommunityError) -> str:
    if isinstance(error, AlreadyTaken):
        return f"there is an account {error.subject} already; `users reset {error.subject}` sets a new password"
    if isinstance(error, NotFound):
        return f"there is no account {error.id}; `users list` shows them"
    if isinstance(error, InvalidValue):
        return REASONS.get((error.field, error.reason), str(error))
    return str(error)
