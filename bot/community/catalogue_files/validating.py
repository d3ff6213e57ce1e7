"""Tables to records: the kind of a table, its columns, each cell, references, doubles."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar

from rapidfuzz import process
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.community.catalogue_files.kinds import KINDS, Column, Kind
from bot.community.catalogue_files.readers import Table
from bot.community.catalogue_files.report import CellProblem, FileProblem, ImportReport, RowError

T = TypeVar("T")
CHUNK = 500


@dataclass
class Record:
    """A row that was read; values holds the columns that the file has, empty ones as None."""

    file: str
    row: int
    values: dict[str, Any]
    given: dict[str, Any]
    header: dict[str, str]

    @property
    def id(self) -> str:
        return str(self.values.get("id") or "")

    def error(self, column: str, problem: str, hint: str = "") -> RowError:
        value = str(self.given.get(column) or "")
        shown = value if len(value) <= 60 else f"{value[:57]}…"
        return RowError(self.file, self.row, self.header.get(column, column), shown, problem, hint)


def kind_of(table: Table) -> Kind:
    """By the table's name (services, service, services-2026, 服务), else by its header. Raises FileProblem."""
    name = table.name.strip().lower()
    for kind in KINDS.values():
        if name in (kind.id, kind.id.rstrip("s"), kind.title) or name.startswith(
            (f"{kind.id}-", f"{kind.id}_", kind.title)
        ):
            return kind
    fitting = [kind for kind in KINDS.values() if set(columns_of(kind, table.header)) == set(table.header)]
    required = [
        kind
        for kind in fitting
        if {id for id, each in kind.columns.items() if each.required} <= set(columns_of(kind, table.header).values())
    ]
    if len(required) == 1:
        return required[0]
    raise FileProblem("看不出这是哪一类内容", "文件名请用 " + "、".join(KINDS))


def columns_of(kind: Kind, header: Iterable[str]) -> dict[str, str]:
    """Column ids by the headers that the table has, English or Chinese; unknown headers are left out."""
    known = {**{column.title: id for id, column in kind.columns.items()}, **{id: id for id in kind.columns}}
    return {each: known[each] for each in header if each in known}


def records_of(table: Table, kind: Kind, report: ImportReport, advance: Callable[[], None]) -> list[Record]:
    """Every row's values; problems go to the report."""
    columns = columns_of(kind, table.header)
    _check_header(table, kind, columns, report)
    found = []
    for number, given in table.rows:
        found.append(_record(table, kind, columns, number, given, report))
        advance()
    return found


def check_ids(records: list[Record], report: ImportReport) -> None:
    """The same id twice within one import is an error."""
    first: dict[str, Record] = {}
    for record in records:
        earlier = first.setdefault(record.id, record)
        if record.id and earlier is not record:
            report.add(
                record.error("id", f"编号重复，{earlier.file} 第 {earlier.row} 行已经用了", "每一行的编号要不同")
            )


def check_references(session: Session, records: dict[str, list[Record]], report: ImportReport) -> None:
    """What a row refers to is in the import or in the database."""
    for kind_id, rows in records.items():
        for name, column in _references(KINDS[kind_id]):
            wanted = {value for record in rows for value in _referred(record, name)}
            target = column.refers_to or ""
            unknown = wanted - {record.id for record in records.get(target, [])}
            unknown -= _existing_ids(session, KINDS[target], unknown)
            for record in rows:
                for value in sorted(unknown & set(_referred(record, name))):
                    hint = f"先在{KINDS[target].title}里加上 {value}，或者改成已有的编号"
                    report.add(record.error(name, f"没有编号为 {value} 的{KINDS[target].title}", hint))


def chunks(items: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk


def _check_header(table: Table, kind: Kind, columns: dict[str, str], report: ImportReport) -> None:
    for each in table.header:
        if each not in columns:
            near = process.extractOne(each, list(kind.columns), score_cutoff=60)
            hint = f"是不是 {near[0]}？" if near else "可以有：" + "、".join(kind.columns)
            report.add(RowError(table.file, 1, each, "", "不认识的列", hint))
    doubles = {each for each in columns.values() if list(columns.values()).count(each) > 1}
    doubles |= {each for each in table.header if table.header.count(each) > 1}
    for each in sorted(doubles):
        report.add(RowError(table.file, 1, each, "", "这一列出现了两次", "请删掉一列"))


def _record(
    table: Table, kind: Kind, columns: dict[str, str], number: int, given: dict[str, Any], report: ImportReport
) -> Record:
    cells = {columns[each]: value for each, value in given.items() if each in columns}
    record = Record(table.file, number, {}, cells, {id: each for each, id in columns.items()})
    for name, value in cells.items():
        if value is None or (isinstance(value, str) and not value.strip()):
            record.values[name] = None
            continue
        try:
            record.values[name] = kind.columns[name].cell(value)
        except CellProblem as problem:
            report.add(record.error(name, problem.problem, problem.hint))
    missing = [name for name in ("id",) if name not in cells]
    missing += [
        name for name, column in kind.columns.items() if column.required and name in cells and cells[name] in (None, "")
    ]
    for name in missing:
        report.add(record.error(name, "没有填", f"「{kind.columns[name].title}」是必填的"))
    return record


def _references(kind: Kind) -> Iterator[tuple[str, Column]]:
    for name, column in kind.columns.items():
        if column.refers_to:
            yield name, column


def _referred(record: Record, name: str) -> list[str]:
    value = record.values.get(name)
    if not value:
        return []
    return list(value.values()) if isinstance(value, dict) else [value]


def _existing_ids(session: Session, kind: Kind, wanted: set[str]) -> set[str]:
    found: set[str] = set()
    for chunk in chunks(sorted(wanted)):
        found |= set(session.scalars(select(kind.model.id).where(kind.model.id.in_(chunk))))
    return found
