"""`python -m bot catalogue …`: the content of the office from and to files.

Exit code 0: done; 1: problems in the files, nothing was written; 2: the command was misused.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from bot import settings
from bot.community import catalogue_files
from bot.community.catalogue_files import KINDS, ImportReport
from bot.community.catalogue_files.importing import Progress as OnProgress
from bot.community.database import Database

app = typer.Typer(help="Services, guides, people and places: from and to CSV, XLSX and YAML.", no_args_is_help=True)

STAGES = {"check": "检查", "write": "写入"}

Files = Annotated[list[Path], typer.Argument(exists=True, help="Files, or folders of files.")]


@app.command("import")
def import_(
    files: Files, dry_run: Annotated[bool, typer.Option("--dry-run", help="Check only; write nothing.")] = False
) -> None:
    """Add and update content, all or nothing. Example: python -m bot catalogue import data/catalogue"""
    with _database() as database, _progress() as progress:
        report = database.call(catalogue_files.import_files, files, dry_run=dry_run, progress=progress)
    _show(report)


@app.command()
def check(files: Files) -> None:
    """Say what import would refuse, and write nothing. Example: python -m bot catalogue check services.csv"""
    import_(files, dry_run=True)


@app.command()
def export(
    folder: Annotated[Path, typer.Argument(file_okay=False, help="Where to; made if missing.")],
    kind: Annotated[list[str], typer.Option(help="Only this kind; may be given several times.")] = [],  # noqa: B006
) -> None:
    """Write the content as files that import reads. Example: python -m bot catalogue export var/export"""
    unknown = [each for each in kind if each not in KINDS]
    if unknown:
        raise typer.BadParameter(f"no kind {unknown[0]}; there are: {', '.join(KINDS)}", param_hint="--kind")
    with _database() as database:
        counts = database.call_reading(catalogue_files.export_files, folder, kinds=kind)
    for id, count in counts.items():
        typer.echo(f"{KINDS[id].title}\t{count}")


def _show(report: ImportReport) -> None:
    for error in report.errors:
        typer.echo(str(error))
    if not report.ok:
        more = report.error_count - len(report.errors)
        typer.echo((f"……还有 {more} 处。" if more else "") + f"共 {report.error_count} 处问题，什么都没有写入。")
        raise typer.Exit(1)
    for id, count in report.counts.items():
        typer.echo(f"{KINDS[id].title}\t{count}")
    typer.echo("已写入。" if report.written else "检查通过，没有写入。")


@contextmanager
def _database() -> Iterator[Database]:
    database = Database(settings.load().database_url)
    try:
        database.upgrade()
        yield database
    finally:
        database.dispose()


@contextmanager
def _progress() -> Iterator[OnProgress | None]:
    """A bar on standard error when that is a terminal, else nothing."""
    if not sys.stderr.isatty():
        yield None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        tasks = {stage: bar.add_task(name, total=None, start=False) for stage, name in STAGES.items()}

        def advance(stage: str, done: int, total: int) -> None:
            bar.start_task(tasks[stage])
            bar.update(tasks[stage], completed=done, total=total)

        yield advance
