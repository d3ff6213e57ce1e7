"""The notation of opening hours: a subset of OpenStreetMap's opening_hours.

"Mo-Fr 08:30-12:00,14:00-17:30; Sa 09:00-12:00; PH off" or "24/7". Rules are separated by ";", and a later rule
replaces an earlier one for its days. PH is a public holiday; without a PH rule a holiday is a day like any other.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from bot.community.errors import InvalidValue

DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
HOLIDAY = "PH"
DAY_MINUTES = 24 * 60

Span = tuple[int, int]
"""From and until, in minutes after midnight; until may pass 24:00 into the next day."""

_DAY = r"(?:Mo|Tu|We|Th|Fr|Sa|Su|PH)"
_DAYS_PART = re.compile(rf"^({_DAY}(?:-{_DAY})?(?:\s*,\s*{_DAY}(?:-{_DAY})?)*)(?:\s+|$)")
_SPAN = re.compile(r"^(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})$")


@dataclass(frozen=True)
class WeeklyHours:
    """Spans of each weekday from Monday on, and of public holidays (None: a holiday is a day like any other)."""

    week: tuple[tuple[Span, ...], ...]
    holiday: tuple[Span, ...] | None

    @property
    def is_always_open(self) -> bool:
        return all(spans == ((0, DAY_MINUTES),) for spans in self.week) and self.holiday is None


@lru_cache(maxsize=8192)
def parse(hours: str) -> WeeklyHours:
    """Read the notation. Raises InvalidValue("hours", …)."""
    text = hours.strip().replace("；", ";").replace("，", ",").replace("：", ":").replace("–", "-")
    if text == "24/7":
        return WeeklyHours((((0, DAY_MINUTES),),) * 7, None)
    days: dict[str, tuple[Span, ...]] = {}
    for rule in filter(None, (part.strip() for part in text.split(";"))):
        named, spans = _rule(rule, hours)
        days.update(dict.fromkeys(named, spans))
    if not days:
        raise InvalidValue("hours", hours, "empty")
    return WeeklyHours(tuple(days.get(day, ()) for day in DAYS), days.get(HOLIDAY))


def _rule(rule: str, hours: str) -> tuple[list[str], tuple[Span, ...]]:
    found = _DAYS_PART.match(rule)
    days = _days(found.group(1), hours) if found else list(DAYS)
    times = rule[found.end() :].strip() if found else rule
    if times in ("off", "closed"):
        return days, ()
    if times in ("24:00", "00:00-24:00"):
        return days, ((0, DAY_MINUTES),)
    return days, tuple(sorted(_span(part.strip(), hours) for part in times.split(",")))


def _days(text: str, hours: str) -> list[str]:
    named: list[str] = []
    for part in text.split(","):
        first, _, last = part.strip().partition("-")
        if not last:
            named.append(first)
        elif HOLIDAY in (first, last):
            raise InvalidValue("hours", hours, "holiday_in_range")
        else:
            start, end = DAYS.index(first), DAYS.index(last)
            named += [DAYS[n % 7] for n in range(start, (end if end >= start else end + 7) + 1)]
    return named


def _span(text: str, hours: str) -> Span:
    found = _SPAN.match(text)
    if not found:
        raise InvalidValue("hours", hours, "not_readable")
    from_hour, from_minute, to_hour, to_minute = map(int, found.groups())
    start, end = from_hour * 60 + from_minute, to_hour * 60 + to_minute
    if from_minute > 59 or to_minute > 59 or start >= DAY_MINUTES or end > DAY_MINUTES or start == end:
        raise InvalidValue("hours", hours, "not_a_time")
    return (start, end) if end > start else (start, end + DAY_MINUTES)
