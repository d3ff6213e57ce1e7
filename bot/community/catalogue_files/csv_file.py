"""CSV as spreadsheets of all ages save it: UTF-8 with or without a mark, GB18030, UTF-16."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from bot.community.catalogue_files.cells import MAX_CELL
from bot.community.catalogue_files.readers import Table, as_table
from bot.community.catalogue_files.report import FileProblem


def read(path: Path, content: bytes) -> list[Table]:
    text = _decode(content)
    csv.field_size_limit(MAX_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    rows: list[tuple[int, list[str]]] = []
    try:
        for number, cells in enumerate(reader, start=1):
            rows.append((number, [_without_guard(cell) for cell in cells]))
    except csv.Error as error:
        hint = f"一格最多 {MAX_CELL} 个字" if "field larger" in str(error) else "请检查这一行的双引号是否成对"
        raise FileProblem("这一行读不出来", hint, len(rows) + 1) from None
    table = as_table(path.name, path.stem, rows)
    return [table] if table else []


def _decode(content: bytes) -> str:
    marked_utf16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if marked_utf16 else ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            break
        return text
    raise FileProblem("这不是文本文件，或者编码认不出来", "请在表格软件里另存为「CSV UTF-8」")


def _delimiter(text: str) -> str:
    first = text.lstrip("\r\n").split("\n", 1)[0]
    return max(",;\t", key=first.count)


def _without_guard(cell: str) -> str:
    """The apostrophe that export puts before what a spreadsheet would take for a formula."""
    return cell[1:] if len(cell) > 1 and cell[0] == "'" and cell[1] in "=+-@\t\r" else cell
