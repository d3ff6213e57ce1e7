"""Days as people name them, read to dates."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from bot.nlu.entities.numerals import value_of

_N = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
_WEEK = r"(?:周|星期|礼拜)"
_WEEKDAYS = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6}
_WEEKDAYS |= {str(number): number - 1 for number in range(1, 8)}
_SATURDAY = 5
_WEEK_OFFSETS = {"上上": -2, "上": -1, "这": 0, "本": 0, "下": 1, "下下": 2}
_RELATIVE = {"大前": -3, "前": -2, "昨": -1, "今": 0, "明": 1, "后": 2, "大后": 3}
_LONG_PAST = 245  # days; a date without a year is taken for the next one only when that is near
_NOT_A_DAY = r"(?![\d楼院线门房栋幢单厅库室厂店馆岗机井坑公米阀路桥车地出入别商幼通桌窗柜铺])"


@dataclass(frozen=True)
class Day:
    """A day or a span of days in the text up to `end_at`.  first None: no certain day (工作日, 每天).

    clear: it is named as a day to come; 5号 said on the 24th is more likely over.
    """

    end_at: int
    first: date | None
    last: date | None = None
    past: bool = False
    clear: bool = True


_Reader = Callable[["re.Match[str]", date], "tuple[date | None, date | None, bool]"]


def read(text: str, position: int, today: date) -> Day | None:
    """The day named at text[position:], or None."""
    for pattern, reader in _READERS:
        match = pattern.match(text, position)
        if match:
            try:
                first, last, past = reader(match, today)
            except ValueError:  # the 31st of a short month, and the like
                return None
            passed = reader is _of_month and not match["which"] and first is not None and first.month != today.month
            return Day(match.end(), first, last, past, clear=not passed)
    return None


def _relative(match: re.Match[str], today: date) -> tuple[date | None, date | None, bool]:
    offset = _RELATIVE[match[1]]
    return today + timedelta(days=offset), None, offset < 0


def _weekday(match: re.Match[str], today: date) -> tuple[date | None, date | None, bool]:
    if match["every"]:
        return None, None, False
    monday = today - timedelta(days=today.weekday())
    offset = match["which"]
    first_name = match["day"]
    if first_name == "末":
        saturday = monday + timedelta(days=_SATURDAY, weeks=_WEEK_OFFSETS[offset] if offset else 0)
        return saturday, saturday + timedelta(days=1), saturday + timedelta(days=1) < today
    number = _WEEKDAYS[first_name]
    if offset:
        first = monday + timedelta(days=number, weeks=_WEEK_OFFSETS[offset])
    else:
        first = today + timedelta(days=(number - today.weekday()) % 7)
    last = None
    if match["last"] and not offset:
        return None, None, False  # 周一到周五: working days in general
    if match["last"]:
        last = first + timedelta(days=(_WEEKDAYS[match["last"]] - number) % 7)
    elif match["listed"] == "日" and number == _SATURDAY:
        last = first + timedelta(days=1)
    return first, last, (last or first) < today


def _week(match: re.Match[str], today: date) -> tuple[date | None, date | None, bool]:
    monday = today - timedelta(days=today.weekday())
    offset = _WEEK_OFFSETS[match[1]]
    first = monday + timedelta(weeks=offset)
    return max(first, today) if offset == 0 else first, first + timedelta(days=6), offset < 0


def _calendar(match: re.Match[str], today: date) -> tuple[date | None, date | None, bool]:
    year, month = match["year"], value_of(match["month"])
    day = value_of(match["day"])
    if year:
        number = int(year) + (2000 if len(year) == 2 else 0)
        found = date(number, month, day)
    else:
        found = date(today.year, month, day)
        if (today - found).days > _LONG_PAST:
            found = date(today.year + 1, month, day)
    last = found.replace(day=value_of(match["last"])) if match["last"] else None
    return found, last, (last or found) < today


def _of_month(match: re.Match[str], today: date) -> tuple[date | None, date | None, bool]:
    day, which = value_of(match["day"]), match["which"]
    first = today.replace(day=1)
    if (which and which.startswith("下")) or (not which and day < today.day):
        first = (first + timedelta(days=32)).replace(day=1)
    if which and which.startswith("上"):
        first = (first - timedelta(days=1)).replace(day=1)
    found = first.replace(day=day)
    return found, None, found < today


def _after_days(match: re.Match[str], today: date) -> tuple[date | None, date | None, bool]:
    return today + timedelta(days=value_of(match[1]) * (7 if match[2] else 1)), None, False


def _no_day(match: re.Match[str], today: date) -> tuple[date | None, date | None, bool]:
    return None, None, False


def _long_ago(match: re.Match[str], today: date) -> tuple[date | None, date | None, bool]:
    return None, None, True


_READERS: tuple[tuple[re.Pattern[str], _Reader], ...] = (
    (re.compile(r"(大前|大后|前|昨|今|明|后)(?:天(?!天)|日(?!子)|儿(?!子))"), _relative),
    (re.compile(r"(今|明|昨)(?=早|晚|夜|上午|下午|中午|天)"), _relative),
    (
        re.compile(
            rf"(?P<every>每个?|逢|除了)?(?P<which>上上|下下|上|下|这|本)?个?{_WEEK}(?P<day>[一二三四五六日天末1-6])(?!一?次|[年期月天快好见])"
            rf"(?:(?:到|至|-|~)(?:{_WEEK})?(?P<last>[一二三四五六日天])|[、和跟及]?{_WEEK}(?P<listed>[日天])|(?P<both>日)(?!下|前))?"
        ),
        lambda match, today: _weekday(_Listed(match), today),  # type: ignore[arg-type]
    ),
    (re.compile(r"(?:每|双休|逢)?周末"), _no_day),
    (re.compile(rf"(上上|下下|上|下|这|本)个?{_WEEK}(?![一二三四五六日天末])内?"), _week),
    (
        re.compile(
            rf"(?:(?P<year>20\d{{2}}|\d{{2}})年|(?P<y2>20\d{{2}})[-/.])?(?P<month>{_N})(?:月(?:份)?|(?<=20\d\d[-/.]\d)[-/.]|(?<=20\d\d[-/.]\d\d)[-/.])"
            rf"(?P<day>{_N})[日号]?(?:(?:到|至|-|~)(?P<last>{_N})[日号])?"
        ),
        lambda match, today: _calendar(_Listed(match), today),  # type: ignore[arg-type]
    ),
    (re.compile(rf"(?P<which>(?:上|下|这|本)个?月)?(?P<day>{_N})号{_NOT_A_DAY}"), _of_month),
    (re.compile(rf"({_N})个?(?:天|(星期|礼拜|周))(?:以后|之后|后)"), _after_days),
    (
        re.compile(
            r"工作日|上班日|休息日|双休日|节假日|放假|每天|天天|每日|平时|平常|随时|任何时[间候]|全天|整天|一整天|哪天(?=都)|这两天|这几天|过两天|过几天|元旦|国庆节?|春节|过年|五一|中秋节?|端午节?|清明节?"
        ),
        _no_day,
    ),
    (
        re.compile(
            rf"(?:{_N}|几|好几|半|两|前几|前两|十几|几十|\d{{1,3}})个?(?:多)?(?:天|年|月|星期|礼拜|周|小时)(?:以前|之前|前)|前几[天日年]|前两[天年]|前段时间|去年(?:{_N}月份?)?|上个?月(?:底|初)?|前年|昨|"
            rf"(?:19|20)\d{{2}}年(?:{_N}月(?:份)?(?:{_N}[日号])?)?|刚才|刚刚|早些时候|以前|之前一直"
        ),
        _long_ago,
    ),
)


class _Listed:
    """A match whose groups of the same meaning are read as one."""

    def __init__(self, match: re.Match[str]) -> None:
        self._match = match

    def __getitem__(self, name: str) -> str | None:
        groups = self._match.groupdict()
        if name == "listed":
            return "日" if groups.get("listed") or groups.get("both") else None
        if name == "year":
            return groups.get("year") or groups.get("y2")
        return groups.get(name)
