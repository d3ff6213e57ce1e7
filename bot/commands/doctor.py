"""`python -m bot doctor`: is everything in place, and if not, what to do."""

from __future__ import annotations

import typer

from bot import settings
from bot.commands.health import FAILED, MARKS, checks
from bot.problems import Problem

app = typer.Typer()


@app.command()
def doctor() -> None:
    """Check settings, database, model, channels and disk; exit code 78 when something must be put right."""
    findings = [check() for check in checks(settings.load())]
    for finding in findings:
        typer.echo(f"{MARKS[finding.state]} {finding.subject:<12} {finding.text}")
    failed = [finding.subject for finding in findings if finding.state == FAILED]
    if failed:
        raise Problem(f"put right: {', '.join(failed)}")
