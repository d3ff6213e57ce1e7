"""Export: files that import reads again, and that no spreadsheet takes for formulas."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.community.catalogue_files.kinds import KINDS, Kind
from bot.community.clock import LOCAL
from bot.community.models.places import BuildingGrid

_FORMULA_START = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = re.compile(r"^-?\d+(\.\d+)?$")


def export_files(session: Session, folder: Path, *, kinds: Sequence[str] = ()) -> dict[str, int]:
    """Write a file per kind into the folder (made if missing), flat kinds as CSV and nested ones as YAML.

    kinds: ids, or all. Kinds without a row give a file with the header alone, a template to start from. Returns the
    number of rows per kind.
    """
    folder.mkdir(parents=True, exist_ok=True)
    return {id: _export(session, KINDS[id], folder) for id in kinds or KINDS}


def _export(session: Session, kind: Kind, folder: Path) -> int:
    rows = _rows(session, kind)
    if kind.nested:
        return _write_yaml(folder / f"{kind.id}.yml", kind, rows)
    return _write_csv(folder / f"{kind.id}.csv", kind, rows)


def _rows(session: Session, kind: Kind) -> Iterator[dict[str, Any]]:
    names = [name for name in kind.columns if name != "building_grids"]
    table = kind.model.__table__
    grids = _building_grids(session) if "building_grids" in kind.columns else {}
    query = select(*[table.c[name] for name in names]).order_by(table.c.id).execution_options(yield_per=1000)
    for row in session.execute(query):
        values = dict(row._mapping)
        if "building_grids" in kind.columns:
            values["building_grids"] = grids.get(row.id, "")
        yield values


def _building_grids(session: Session) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    query = select(BuildingGrid).order_by(BuildingGrid.compound_id, BuildingGrid.building)
    for row in session.scalars(query):
        found.setdefault(row.compound_id, []).append(f"{row.building}:{row.grid_id}")
    return {compound: ";".join(parts) for compound, parts in found.items()}


def _write_csv(path: Path, kind: Kind, rows: Iterable[dict[str, Any]]) -> int:
    count = 0
    # The mark at the start tells spreadsheets that the file is UTF-8.
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(kind.columns)
        for row in rows:
            writer.writerow([_guarded(_cell(row[name])) for name in kind.columns])
            count += 1
    return count


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.astimezone(LOCAL).isoformat()
    if isinstance(value, list):
        return "、".join(map(str, value))
    return str(value)


def _guarded(text: str) -> str:
    if text.startswith(_FORMULA_START) and not _NUMBER.match(text):
        return f"'{text}"
    return text


def _write_yaml(path: Path, kind: Kind, rows: Iterable[dict[str, Any]]) -> int:
    content = [{name: _plain(value) for name, value in row.items() if value not in (None, [], "")} for row in rows]
    with path.open("w", encoding="utf-8") as file:
        yaml.safe_dump({"kind": kind.id, "rows": content}, file, allow_unicode=True, sort_keys=False, width=110)
    return len(content)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(LOCAL).isoformat()
    return value.isoformat() if isinstance(value, date) else value
