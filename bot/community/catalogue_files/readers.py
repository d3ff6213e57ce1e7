"""Files to tables: rows of raw cells, with the place of each row for error messages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.community.catalogue_files.report import FileProblem

MAX_FILE_BYTES = 100 * 1024 * 1024
MAX_ROWS = 300_000
MAX_COLUMNS = 60


@dataclass(frozen=True)
class Table:
    """name: what may tell the kind (file name, sheet, or `kind:`). rows: the row's number and its cells by header."""

    file: str
    name: str
    header: tuple[str, ...]
    rows: list[tuple[int, dict[str, Any]]]


def read_file(path: Path) -> list[Table]:
    """The tables of a file. Raises FileProblem."""
    readers = _readers()
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise FileProblem("不支持这种文件", "可以用 " + "、".join(readers))
    try:
        size = path.stat().st_size
        content = path.read_bytes() if size <= MAX_FILE_BYTES else b""
    except OSError as error:
        raise FileProblem(f"打不开这个文件：{error.strerror}", "请核对路径和权限") from None
    if size > MAX_FILE_BYTES:
        raise FileProblem(
            f"文件太大，有 {size // 1024 // 1024} MB", f"最多 {MAX_FILE_BYTES // 1024 // 1024} MB，请分成几个文件"
        )
    return reader(path, content)


def _readers() -> dict[str, Callable[[Path, bytes], list[Table]]]:
    from bot.community.catalogue_files import csv_file, xlsx_file, yaml_file

    return {".csv": csv_file.read, ".xlsx": xlsx_file.read, ".yml": yaml_file.read, ".yaml": yaml_file.read}


def as_table(file: str, name: str, rows: list[tuple[int, list[Any]]]) -> Table | None:
    """The first row that is not empty is the header; empty rows are left out. None: there is no row at all."""
    filled = [(number, cells) for number, cells in rows if any(str(cell or "").strip() for cell in cells)]
    if not filled:
        return None
    (_, first), *rest = filled
    header = tuple(str(cell or "").strip() for cell in first)
    while header and not header[-1]:
        header = header[:-1]
    if len(header) > MAX_COLUMNS:
        raise FileProblem(f"列太多，有 {len(header)} 列", f"最多 {MAX_COLUMNS} 列")
    if len(rest) > MAX_ROWS:
        raise FileProblem(f"行太多，有 {len(rest)} 行", f"最多 {MAX_ROWS} 行，请分成几个文件")
    return Table(file, name, header, [(number, _by_header(header, cells, number)) for number, cells in rest])


def _by_header(header: tuple[str, ...], cells: list[Any], number: int) -> dict[str, Any]:
    surplus = [cell for cell in cells[len(header) :] if str(cell or "").strip()]
    if surplus:
        raise FileProblem("这一行的格子比表头多", "含有逗号的内容要用英文双引号括起来", number)
    return dict(zip(header, [*cells, *[None] * (len(header) - len(cells))], strict=False))
