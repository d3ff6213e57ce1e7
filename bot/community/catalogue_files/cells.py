"""A cell as people write it to a value, or a sentence on what is wrong with it. Empty cells never come here."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import Any

from bot.community import opening_hours, taxonomy
from bot.community.catalogue_files.report import CellProblem
from bot.community.clock import LOCAL
from bot.community.errors import InvalidValue
from bot.community.places import building_key

Cell = Callable[[Any], Any]

MAX_CELL = 20_000
_ID = re.compile(r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$")
_PHONE = re.compile(r"^\+?\d[\d-]*\d(转\d{1,6})?$|^\d{3,6}$")
_LOOKALIKES = {"O": "0", "o": "0", "l": "1", "I": "1"}
_DATE = re.compile(r"^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?$|^(\d{4})(\d{2})(\d{2})$")
_YES, _NO = {"true", "是", "1", "yes", "y", "有", "√", "on"}, {"false", "否", "0", "no", "n", "无", "×", "off"}
_HOURS_WORDS = {
    **{
        f"{week}{day}": name
        for week in ("周", "星期", "礼拜")
        for day, name in zip("一二三四五六日", ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"), strict=True)
    },
    "周天": "Su",
    "星期天": "Su",
    "节假日": "PH",
    "每天": "Mo-Su ",
    "每日": "Mo-Su ",
    "休息": " off",
    "24小时": "24/7",
    "24 小时": "24/7",
    "全天": "00:00-24:00",
    "至": "-",
    "到": "-",
    "～": "-",
    "~": "-",
    "–": "-",
    "—": "-",
    "：": ":",
    "、": ",",
    "，": ",",
    "；": ";",
}


def text(limit: int) -> Cell:
    """A line or paragraph of at most `limit` characters."""

    def read(value: Any) -> str:
        words = str(value).replace("\r\n", "\n").strip()
        if len(words) > limit:
            raise CellProblem(f"太长了，有 {len(words)} 个字", f"最多 {limit} 个字")
        if any(unicodedata.category(each) == "Cc" and each not in "\n\t" for each in words):
            raise CellProblem("含有看不见的控制字符", "请重新输入这一格")
        return words

    return read


def identifier(value: Any) -> str:
    words = str(value).strip()
    if not _ID.match(words):
        raise CellProblem("编号只能用字母、数字、- _ .，且不超过 64 位", "例如 meals-qingquan-canteen")
    return words


def phone(value: Any) -> str:
    """One or several numbers, without spaces, several joined by 、."""
    numbers = re.split(r"[、,，/;；]", unicodedata.normalize("NFKC", str(value)).strip())
    return "、".join(_one_phone(re.sub(r"[\s()]", "", number)) for number in numbers if number.strip())


def _one_phone(number: str) -> str:
    number = number.replace("—", "-").replace("–", "-")
    for place, character in enumerate(number, start=1):
        if character in _LOOKALIKES:
            raise CellProblem(f"不是电话号码，第 {place} 位是字母 {character}", f"改成数字 {_LOOKALIKES[character]}")
    digits = re.sub(r"\D", "", number.split("转")[0])
    if not _PHONE.match(number):
        raise CellProblem("不是电话号码", "例如 13900001234、0790-5550123 或 12345")
    if digits.startswith("1") and len(digits) in (9, 10, 12) and "-" not in number:
        raise CellProblem(f"手机号应是 11 位，这里有 {len(digits)} 位", "请核对号码")
    if not 3 <= len(digits) <= 14:
        raise CellProblem(f"电话号码的位数不对，有 {len(digits)} 位", "请核对号码")
    return number


def hours(value: Any) -> str:
    """The notation of weekly_hours, or the same in Chinese (周一至周五 8:30-12:00；节假日休息)."""
    notation = str(value).strip()
    for word, sign in _HOURS_WORDS.items():
        notation = notation.replace(word, sign)
    notation = re.sub(r"((?:Mo|Tu|We|Th|Fr|Sa|Su|PH))(?=\d)", r"\1 ", re.sub(r"\s+", " ", notation))
    notation = re.sub(r"\s*;\s*", "; ", notation).strip("; ")
    try:
        opening_hours.parse(notation)
    except InvalidValue:
        raise CellProblem(
            "看不懂的时间写法", "例如 Mo-Fr 08:30-12:00,14:00-17:30; PH off，或 周一至周五 8:30-17:30"
        ) from None
    return notation


def many(cell: Cell) -> Cell:
    """Several values in one cell, separated by 、 ; | or in YAML a list."""

    def read(value: Any) -> list[Any]:
        parts = value if isinstance(value, list) else re.split(r"[、;；|\n]", str(value))
        return [cell(part) for part in parts if str(part).strip()]

    return read


def decimal(low: float, high: float) -> Cell:
    def read(value: Any) -> float:
        try:
            number = float(str(value).strip())
        except ValueError:
            raise CellProblem("不是数字") from None
        if not low <= number <= high:
            raise CellProblem("数字超出范围", f"应在 {low:g} 到 {high:g} 之间")
        return number

    return read


def integer(value: Any) -> int:
    words = str(value).strip().removesuffix(".0")
    if not re.fullmatch(r"\d{1,9}", words):
        raise CellProblem("不是整数", "例如 4")
    return int(words)


def yes_no(value: Any) -> bool:
    words = str(value).strip().lower()
    if words not in _YES | _NO:
        raise CellProblem("只能填 是 或 否")
    return words in _YES


def day(value: Any) -> date:
    """2026-01-02, 2026/1/2, 2026年1月2日, 20260102, or a date cell of a spreadsheet."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    found = _DATE.match(re.sub(r"[T ]00:00:00$", "", str(value).strip()))
    if not found:
        raise CellProblem("看不懂的日期", "例如 2026-12-31")
    year, month, number = (int(part) for part in found.groups() if part is not None)
    try:
        return date(year, month, number)
    except ValueError:
        raise CellProblem(f"没有 {year} 年 {month} 月 {number} 日这一天", "请核对日期") from None


def moment(value: Any) -> datetime:
    """A date with a time; without a zone it is Shanghai's."""
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=LOCAL)
    words = str(value).strip().replace("/", "-")
    try:
        found = datetime.fromisoformat(words[:-1] + "+00:00" if words.endswith("Z") else words)
    except ValueError:
        return datetime.combine(day(value), time(), tzinfo=LOCAL)
    return found if found.tzinfo else found.replace(tzinfo=LOCAL)


def category(value: Any) -> str:
    """An id of the taxonomy, or its Chinese label."""
    words = str(value).strip()
    if taxonomy.is_category(words):
        return words
    for known in taxonomy.categories():
        if taxonomy.label(known.id) == words:
            return known.id
    raise CellProblem("没有这个类别", "类别的编号见 data/taxonomy.yml，例如 meals")


def topic(value: Any) -> str:
    """A category, a domain, or "crisis"."""
    words = str(value).strip()
    return words if words in (*taxonomy.domains(), "crisis") else category(words)


def choice(names: Mapping[str, str]) -> Cell:
    """One of the ids, or its Chinese name."""
    ids = {**{id: id for id in names}, **{name: id for id, name in names.items()}}

    def read(value: Any) -> str:
        words = str(value).strip()
        if words not in ids:
            raise CellProblem("不在可选的值里", "可以填：" + "、".join(f"{id}（{name}）" for id, name in names.items()))
        return ids[words]

    return read


def link(value: Any) -> str:
    words = str(value).strip()
    if not re.fullmatch(r"https?://[^\s<>\"']{3,280}", words):
        raise CellProblem("不是网址", "以 https:// 开头")
    return words


def records(**cells: Cell) -> Cell:
    """A list of small records with these keys; the first key is required, others may be missing.

    In a CSV cell: records separated by ; and their values by : or |, in the order of the keys.
    """
    names = list(cells)

    def read(value: Any) -> list[dict[str, Any]]:
        items = (
            value if isinstance(value, list) else [part for part in re.split(r"[;；\n]", str(value)) if part.strip()]
        )
        return [_record(item, cells, names) for item in items]

    return read


def _record(item: Any, cells: Mapping[str, Cell], names: list[str]) -> dict[str, Any]:
    if not isinstance(item, dict):
        parts = re.split(r"\s*[|:：]\s*", str(item).strip(), maxsplit=len(names) - 1)
        item = dict(zip(names, parts, strict=False))
    unknown = set(item) - set(names)
    if unknown:
        raise CellProblem(f"不认识的项 {'、'.join(sorted(map(str, unknown)))}", "可以有：" + "、".join(names))
    if item.get(names[0]) in (None, ""):
        raise CellProblem(f"缺少 {names[0]}")
    return {name: cells[name](each) for name, each in item.items() if each not in (None, "")}


def lines(value: Any) -> list[str]:
    """A list of sentences: a YAML list, or one a line, or separated by | in a cell."""
    parts = value if isinstance(value, list) else re.split(r"[|\n]", str(value))
    return [text(1000)(part) for part in parts if str(part).strip()]


def iso_day(value: Any) -> str:
    return str(day(value).isoformat())


def building_grids(value: Any) -> dict[str, str]:
    """The grid of each building: "1-6:qingquan-1;7,A:qingquan-2"."""
    if isinstance(value, dict):
        value = ";".join(f"{buildings}:{grid}" for buildings, grid in value.items())
    grids: dict[str, str] = {}
    for part in re.split(r"[;；]", str(value)):
        buildings, colon, grid = part.strip().partition(":")
        if not colon:
            raise CellProblem("看不懂的楼栋网格", "例如 1-6:qingquan-1;7-12:qingquan-2")
        for building in expand_buildings(buildings):
            grids[building] = identifier(grid)
    return grids


def expand_buildings(written: str) -> list[str]:
    """The buildings of a list such as 1-3, A座."""
    found: list[str] = []
    for part in filter(None, (each.strip() for each in re.split(r"[,，、]", written))):
        first, dash, last = part.partition("-")
        if dash and first.isdigit() and last.isdigit() and int(first) <= int(last) < int(first) + 1000:
            found += [str(number) for number in range(int(first), int(last) + 1)]
        else:
            found.append(building_key(part))
    return found
