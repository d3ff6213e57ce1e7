"""Excel files: every sheet is a table."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from bot.community.catalogue_files.cells import MAX_CELL
from bot.community.catalogue_files.readers import MAX_ROWS, Table, as_table
from bot.community.catalogue_files.report import FileProblem

MAX_UNPACKED_BYTES = 400 * 1024 * 1024
MAX_RATIO = 200  # a spreadsheet shrinks to a tenth or twentieth; a bomb to a thousandth
BLOCK = 1024 * 1024


def read(path: Path, content: bytes) -> list[Table]:
    _check_archive(content)
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        tables = [_table(path, sheet) for sheet in book.worksheets]
    except FileProblem:
        raise
    except (InvalidFileException, KeyError, ValueError, TypeError, SyntaxError, zipfile.BadZipFile):
        raise FileProblem("这个 Excel 文件读不出来", "请在表格软件里重新另存为 .xlsx") from None
    return [table for table in tables if table]


def _check_archive(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            size = sum(part.file_size for part in parts)
            if size > MAX_UNPACKED_BYTES or size > MAX_RATIO * max(len(content), BLOCK):
                raise FileProblem("这个文件解压后太大，可能有问题", "请在表格软件里重新另存为 .xlsx")
            sheets = [part for part in parts if part.filename.startswith("xl/worksheets/")]
            if any(_has_merged_cells(archive, part) for part in sheets):
                raise FileProblem("表里有合并单元格，合并后只有第一格有内容", "请取消合并，每一格都填上内容")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError):
        raise FileProblem("这不是 Excel（.xlsx）文件", "旧的 .xls 请另存为 .xlsx") from None


def _has_merged_cells(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    tail = b""
    with archive.open(part) as sheet:
        while block := sheet.read(BLOCK):
            if b"<mergeCell " in tail + block:
                return True
            tail = block[-20:]
    return False


def _table(path: Path, sheet: Any) -> Table | None:
    rows: list[tuple[int, list[Any]]] = []
    for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
        if number > MAX_ROWS + 1:
            raise FileProblem("行太多", f"最多 {MAX_ROWS} 行，请分成几个文件")
        rows.append((number, [_cell(cell, number) for cell in cells]))
    return as_table(f"{path.name}#{sheet.title}", _kind_name(sheet.title, path), rows)


def _kind_name(title: str, path: Path) -> str:
    return path.stem if title.lower().startswith("sheet") else title


def _cell(value: Any, row: int) -> Any:
    if value is None or isinstance(value, (date, datetime)):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))  # a phone number typed into a number cell
    text = str(value)
    if len(text) > MAX_CELL:
        raise FileProblem("有一格的内容太长", f"一格最多 {MAX_CELL} 个字", row)
    return text
