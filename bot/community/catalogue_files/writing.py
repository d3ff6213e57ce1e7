"""Records into the tables: fill in what the file left out, then insert or update by id."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot.community.catalogue_files.kinds import KINDS, Kind
from bot.community.catalogue_files.report import ImportReport
from bot.community.catalogue_files.validating import Record, chunks
from bot.community.models.places import BuildingGrid

BUILDING_GRIDS = "building_grids"


def completed(
    session: Session, records: dict[str, list[Record]], report: ImportReport
) -> dict[str, list[dict[str, Any]]]:
    """Whole rows, ready to write: what a file left out comes from the row that is there, else from the default."""
    return {
        kind_id: [row for chunk in chunks(rows) for row in _complete_chunk(session, KINDS[kind_id], chunk, report)]
        for kind_id, rows in records.items()
    }


def upsert(session: Session, kind: Kind, rows: list[dict[str, Any]], count: Callable[[], None]) -> None:
    """Insert the rows, or update those whose id exists."""
    table = kind.model.__table__
    dialect: Any = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    for chunk in chunks(rows):
        values = [{name: value for name, value in row.items() if name != BUILDING_GRIDS} for row in chunk]
        statement = dialect.insert(table)
        changed = {name: statement.excluded[name] for name in values[0] if name != "id"}
        session.execute(statement.on_conflict_do_update(index_elements=["id"], set_=changed), values)
        if BUILDING_GRIDS in kind.columns:
            _replace_building_grids(session, chunk)
        for _ in chunk:
            count()
    session.expire_all()


def _complete_chunk(session: Session, kind: Kind, records: list[Record], report: ImportReport) -> list[dict[str, Any]]:
    names = [name for name in kind.columns if name != BUILDING_GRIDS]
    partial = [record.id for record in records if any(name not in record.values for name in names)]
    there = _existing(session, kind, names, partial) if partial else {}
    rows = []
    for record in records:
        known = there.get(record.id, {})
        row = {name: record.values.get(name) if name in record.values else known.get(name) for name in names}
        if row.get("position", 0) is None:
            row["position"] = record.row  # the order of the file
        if _has_all_required(kind, row, record, report):
            rows.append(_with_defaults(kind, row) | _building_grids(record))
    return rows


def _existing(session: Session, kind: Kind, names: list[str], ids: list[str]) -> dict[str, dict[str, Any]]:
    columns = [kind.model.__table__.c[name] for name in names]
    rows = session.execute(select(*columns).where(kind.model.id.in_(ids)))
    return {row.id: dict(row._mapping) for row in rows}


def _has_all_required(kind: Kind, row: dict[str, Any], record: Record, report: ImportReport) -> bool:
    missing = [name for name, column in kind.columns.items() if column.required and row.get(name) in (None, [])]
    for name in missing:
        report.add(record.error(name, "没有填", f"「{kind.columns[name].title}」是必填的"))
    return not missing


def _with_defaults(kind: Kind, row: dict[str, Any]) -> dict[str, Any]:
    for name, value in row.items():
        default = kind.model.__table__.c[name].default
        if value is None and default is not None:
            row[name] = default.arg(None) if default.is_callable else default.arg
    kind.complete(row)
    return row


def _building_grids(record: Record) -> dict[str, Any]:
    return {BUILDING_GRIDS: record.values[BUILDING_GRIDS] or {}} if BUILDING_GRIDS in record.values else {}


def _replace_building_grids(session: Session, rows: list[dict[str, Any]]) -> None:
    given = [row for row in rows if BUILDING_GRIDS in row]
    session.execute(delete(BuildingGrid).where(BuildingGrid.compound_id.in_([row["id"] for row in given])))
    values = [
        {"compound_id": row["id"], "building": building, "grid_id": grid}
        for row in given
        for building, grid in row[BUILDING_GRIDS].items()
    ]
    if values:
        session.execute(insert(BuildingGrid), values)
