"""Times as people write and say them, read to ISO; `availability.py` chooses the one that counts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from bot.community.clock import LOCAL
from bot.nlu.entities import clocks, dates
from bot.nlu.entities.numerals import value_of
from bot.nlu.entities.spans import Span

_START = re.compile(
    r"[现此目元国春五清端今明后昨前大上下这本每逢除周星礼双工平随任全整一休放节哪过凌拂早清晨午中正晌傍黄晚夜半深去刚以天白\d二两三四五六七八九十几好]"
)
_INSIDE = re.compile(
    r"[\dA-Za-z.:-]\d$|[零〇一二两三四五六七八九十百][零〇一二三四五六七八九十百]$|[路街巷弄道第楼层元栋幢室\d][\d一二三四五六七八九十]$|(?<![周期拜])[一两几半末二三四五六七]周$|一(?:上|下|早|晚|中|整|夜)$|[然以随之]后$|(?:门牌|地址|号码)[号是:]{0,3}\d$"
)  # in the middle of a number
_JOIN = re.compile(r"[ ,的]{0,1}")
_RANGE = re.compile(r" ?(?:到|至|-|~|—|–)+ ?")
_AFTER = re.compile(r"(?:钟)?(?:以后|之后|过后|往后|后(?!面|门|天)|起)")
_BEFORE = re.compile(r"(?:钟)?(?:以前|之前|前(?!面|门|天))")
_ABOUT = re.compile(r"(?:钟)?(?:左右|前后|多|来钟|吧)")
_LOOSE = re.compile(
    r"(?:工作日|周末|每天|平时|节假日)?(?:的)?(?:下班(?:以后|之后|后|了)?|放学(?:以后|之后|后)|午休(?:时间|时)?|上班时间|工作时间|休息时间|晚饭(?:以后|之后|后)|白天|全天|整天|一整天)(?:的时候|时间)?"
)
_RATHER = re.compile(r"(?:一般|平时|通常|平常|每天|每晚)(?:都)?$")
_HOURS_LATER = re.compile(r"(半|\d{1,2}|[一二两三四五六七八九十]{1,2})个?(?:半)?(?:小时|钟头)(?:以后|之后|后)")
_MINUTES_LATER = re.compile(r"(\d{1,2}|[一二三四五]?十[五]?)分钟(?:以后|之后|后)")
_NOW = re.compile(r"现在(?=就?(?:在家|有空|方便|可以来|可以上门|可以过来|就?能来|家里有人|有人在家))")
_AT_PRESENT = re.compile(r"现在|此刻|目前|这会儿?")
_SMALL_HOURS = 4  # 昨晚两点 is of the next day


@dataclass(frozen=True)
class Expression(Span):
    """A time in the text; value {"text", "iso", "end"}. past: it is over. certain: it names a day to come.

    today: it names this very day. present: 现在, which says when the trouble is and not when one is free.
    """

    past: bool = False
    certain: bool = False
    today: bool = False
    present: bool = False


def find_all(text: str, *, now: datetime) -> list[Expression]:
    """Every time in the text, past ones too. now: aware."""
    moment = now.astimezone(LOCAL)
    found: list[Expression] = []
    position = 0
    while match := _START.search(text, position):
        inside = _INSIDE.search(text, max(0, match.start() - 4), match.start() + 1)
        expression = None if inside else _read(text, match.start(), moment)
        if expression:
            found.append(expression)
            position = expression.end
        else:
            position = match.start() + 1
    return found


def time_value(text: str, iso: str | None = None, end: str | None = None) -> dict[str, Any]:
    return {"text": text, "iso": iso, "end": end}


def _read(text: str, position: int, now: datetime) -> Expression | None:
    later = _read_later(text, position, now)
    if later:
        return later
    loose = _LOOSE.match(text, position)
    if loose:
        return Expression("time", position, loose.end(), time_value(loose[0]), loose[0])
    return _read_day_and_clock(text, position, now)


def _read_later(text: str, position: int, now: datetime) -> Expression | None:
    """半小时后, 二十分钟以后."""
    at_once = _NOW.match(text, position)
    if at_once:
        return Expression(
            "time", position, at_once.end(), time_value(at_once[0], _moment(now.date(), now.time())), at_once[0]
        )
    present = _AT_PRESENT.match(text, position)
    if present:
        value = time_value(present[0], now.date().isoformat())
        return Expression("time", position, present.end(), value, present[0], today=True, present=True)
    for pattern, minutes in ((_HOURS_LATER, 60), (_MINUTES_LATER, 1)):
        match = pattern.match(text, position)
        if match:
            count = 0.5 if match[1] == "半" else value_of(match[1])
            at = now + timedelta(minutes=count * minutes)
            return Expression(
                "time", position, match.end(), time_value(match[0], _moment(at.date(), at.time())), match[0]
            )
    return None


def _read_day_and_clock(text: str, position: int, now: datetime) -> Expression | None:
    today = now.date()
    day = dates.read(text, position, today)
    end = day.end_at if day else position
    place = _JOIN.match(text, end).end() if day else end  # type: ignore[union-attr]  # it matches the empty text
    loose = _LOOSE.match(text, place) if day else None
    if day and loose:
        return _of_day(text, position, loose.end(), day, now)
    part = clocks.read_part(text, place, after_day=day is not None)
    end = part.end_at if part else end
    place = _JOIN.match(text, end).end()  # type: ignore[union-attr]
    clock = clocks.read_clock(text, place)
    if clock and clock.plain and not (day or part or _is_clock(text, position, clock.end_at)):
        clock = None
    if clock is None:
        return _without_clock(text, position, end, day, part, now)
    return _with_clock(text, position, day, part, clock, now)


def _is_clock(text: str, start: int, position: int) -> bool:
    """三点 alone may count points; 三点以后 and 三点到五点 are times."""
    return bool(
        _AFTER.match(text, position)
        or _BEFORE.match(text, position)
        or _ABOUT.match(text, position)
        or (_RANGE.match(text, position) and clocks.read_clock(text, _RANGE.match(text, position).end()))  # type: ignore[union-attr]
        or (start == 0 and position == len(text))
    )


def _of_day(text: str, start: int, end: int, day: dates.Day, now: datetime) -> Expression:
    until = _BEFORE.match(text, end)
    if until and day.first and not day.past:
        words, today = text[start : until.end()], now.date().isoformat()
        return Expression(
            "time", start, until.end(), time_value(words, today, day.first.isoformat()), words, certain=day.clear
        )
    since = _AFTER.match(text, end)
    end = since.end() if since else end
    value = time_value(text[start:end], _iso(day.first), _iso(day.last))
    return Expression(
        "time", start, end, value, text[start:end], day.past, day.first is not None and not day.past and day.clear
    )


def _without_clock(
    text: str, start: int, end: int, day: dates.Day | None, part: clocks.Part | None, now: datetime
) -> Expression | None:
    if day is None and part is None:
        return None
    if day is None and part is not None:
        usual = _RATHER.search(text, max(0, start - 4), start) or re.match(r"都|一般|基本|才|都会", text[end:])
        ahead = now.hour < part.over_at
        iso = now.date().isoformat() if ahead and not usual else None
        return Expression("time", start, end, time_value(text[start:end], iso), text[start:end])
    assert day is not None  # noqa: S101 (for the type checker)
    found = _of_day(text, start, end, day, now)
    if part and day.first == now.date() and now.hour >= part.over_at:
        return Expression("time", start, found.end, found.value, found.text, past=True, today=True)
    if day.first == now.date():
        return Expression("time", start, found.end, found.value, found.text, day.past, False, today=True)
    return found


def _with_clock(
    text: str, start: int, day: dates.Day | None, part: clocks.Part | None, clock: clocks.Clock, now: datetime
) -> Expression | None:
    name = part.name if part else None
    is_today = day is not None and day.first == now.date()
    begins = clocks.time_of(clock, name, not_before=now.time() if day is None or is_today else None)
    if begins is None:
        return None
    end, last = _range_end(text, clock, name, begins)
    after, before = _AFTER.match(text, end), _BEFORE.match(text, end)
    qualifier = after or before or _ABOUT.match(text, end)
    end = qualifier.end() if qualifier else end
    first_day = day.first if day else _next_day(begins, last, now)
    words = text[start:end]
    if first_day is None:
        return Expression("time", start, end, time_value(words), words, bool(day and day.past))
    if day and day.past and name in ("晚上", "夜里") and clock.hour <= _SMALL_HOURS:
        first_day, begins = first_day + timedelta(days=1), time(clock.hour, clock.minute)
    closes = last or begins
    over = bool(day and day.past) or (
        is_today and datetime.combine(first_day, closes) < now.replace(tzinfo=None) and not after
    )
    iso, until = _moment(first_day, begins), _moment(first_day, last) if last else None
    if before and not last:
        iso, until = first_day.isoformat(), _moment(first_day, begins)
    certain = day is not None and day.clear and not is_today and not over
    return Expression("time", start, end, time_value(words, iso, until), words, over, certain, is_today)


def _range_end(text: str, clock: clocks.Clock, part: str | None, begins: time) -> tuple[int, time | None]:
    """Where the expression ends, and the end of 三点到五点."""
    link = _RANGE.match(text, clock.end_at)
    if not link:
        return clock.end_at, None
    other = clocks.read_part(text, link.end(), after_day=False)
    closing = clocks.read_clock(text, other.end_at if other else link.end())
    if not closing:
        return clock.end_at, None
    closes = clocks.time_of(closing, other.name if other else part)
    if closes and closes <= begins and closing.hour <= 12:
        closes = clocks.time_of(closing, "下午") or closes
    return closing.end_at, closes if closes and closes > begins else None


def _next_day(begins: time, last: time | None, now: datetime) -> date:
    """Today while the time still lies ahead, else tomorrow."""
    return now.date() if (last or begins) > now.time() else now.date() + timedelta(days=1)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _moment(day: date, at: time) -> str:
    return f"{day.isoformat()}T{at:%H:%M}"
