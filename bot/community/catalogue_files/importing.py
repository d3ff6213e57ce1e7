"""Import: read everything, check everything, then write everything or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from sqlalchemy.orm import Session

from bot.community import versions
from bot.community.catalogue_files import validating, writing
from bot.community.catalogue_files.kinds import KINDS, Kind
from bot.community.catalogue_files.readers import Table, read_file
from bot.community.catalogue_files.report import FileProblem, ImportReport, RowError
from bot.community.catalogue_files.validating import Record

Progress = Callable[[str, int, int], None]
"""Called with the stage ("check" or "write"), the rows done, and all rows of the stage."""


def import_files(
    session: Session, paths: Iterable[Path | str], *, dry_run: bool = False, progress: Progress | None = None
) -> ImportReport:
    """Add and update content from files and folders of files, by the rows' ids.

    A cell left empty clears the value, a column left out keeps it. With any problem, or with dry_run, nothing is
    written; the report names the problems.
    """
    report = ImportReport()
    tables = _tables(paths, report)
    total = sum(len(table.rows) for _, table in tables)
    records: dict[str, list[Record]] = {}
    count = _counter("check", total, progress)
    for kind, table in tables:
        records.setdefault(kind.id, []).extend(validating.records_of(table, kind, report, count))
    for rows in records.values():
        validating.check_ids(rows, report)
    validating.check_references(session, records, report)
    complete = writing.completed(session, records, report) if report.ok else {}
    report.counts = {kind_id: len(records[kind_id]) for kind_id in KINDS if kind_id in records}
    if report.ok and not dry_run:
        _write(session, complete, _counter("write", total, progress))
        report.written = True
    return report


def _tables(paths: Iterable[Path | str], report: ImportReport) -> list[tuple[Kind, Table]]:
    found = []
    for path in _files(paths):
        try:
            found += [(validating.kind_of(table), table) for table in read_file(path)]
        except FileProblem as problem:
            report.add(RowError(path.name, problem.row, "", "", problem.problem, problem.hint))
    return found


def _files(paths: Iterable[Path | str]) -> list[Path]:
    files: list[Path] = []
    for path in map(Path, paths):
        inside = (
            sorted(each for each in path.iterdir() if each.suffix.lower() in (".csv", ".xlsx", ".yml", ".yaml"))
            if path.is_dir()
            else [path]
        )
        files += inside
    return files


def _write(session: Session, complete: dict[str, list[dict[str, object]]], count: Callable[[], None]) -> None:
    for kind_id, kind in KINDS.items():
        if kind_id in complete:
            writing.upsert(session, kind, complete[kind_id], count)
    for version in {KINDS[kind_id].version for kind_id in complete} - {None}:
        versions.bump(session, str(version))


def _counter(stage: str, total: int, progress: Progress | None) -> Callable[[], None]:
    done = 0

    def advance() -> None:
        nonlocal done
        done += 1
        if progress and (done % 100 == 0 or done == total):
            progress(stage, done, total)

    return advance
