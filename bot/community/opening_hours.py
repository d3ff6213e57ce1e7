"""Whether a place is open, when it opens next, and its hours in Chinese. The notation: weekly_hours.py."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from bot.community.clock import LOCAL, local
from bot.community.holidays import CALENDAR, HolidayCalendar
from bot.community.weekly_hours import DAY_MINUTES, Span, WeeklyHours, parse

__all__ = ["HolidayCalendar", "describe", "describe_moment", "is_open", "next_opening", "parse"]

DAY_NAMES = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
SEARCHED_DAYS = 15  # the longest public holiday has nine days


def is_open(hours: str, at: datetime, *, calendar: HolidayCalendar = CALENDAR) -> bool:
    """Open at that moment, in Shanghai. Raises InvalidValue for hours that can't be read."""
    today = local(at).date()
    days = (today - timedelta(days=1), today)  # yesterday's hours may last past midnight
    return any(start <= at < end for day in days for start, end in _openings(hours, day, calendar))


def next_opening(hours: str, at: datetime, *, calendar: HolidayCalendar = CALENDAR) -> datetime | None:
    """The first moment after `at` at which it opens; None if it stays closed for the next two weeks."""
    first = local(at).date()
    for offset in range(SEARCHED_DAYS):
        for start, _ in _openings(hours, first + timedelta(days=offset), calendar):
            if start > at:
                return start
    return None


def describe(hours: str) -> str:
    """Hours as a resident reads them: 周一至周五 8:30–12:00、14:00–17:30；周六 9:00–12:00；节假日休息."""
    week = parse(hours)
    if week.is_always_open:
        return "24 小时"
    parts = [f"{_day_names(days)} {_spans(spans)}" for days, spans in _grouped(week) if spans]
    if week.holiday is not None:
        parts.append(f"节假日 {_spans(week.holiday)}" if week.holiday else "节假日休息")
    return "；".join(parts)


def describe_moment(moment: datetime, *, now: datetime) -> str:
    """A moment in the next days as people say it: 今天 14:00, 明天 8:30, 周一 8:30, 12月9日 8:30."""
    there, today = local(moment), local(now).date()
    clock = f"{there.hour}:{there.minute:02}"
    days = (there.date() - today).days
    if days in (0, 1, 2):
        return f"{('今天', '明天', '后天')[days]} {clock}"
    if 0 < days < 7:
        return f"{DAY_NAMES[there.weekday()]} {clock}"
    return f"{there.month}月{there.day}日 {clock}"


def _openings(hours: str, day: date, calendar: HolidayCalendar) -> Iterator[tuple[datetime, datetime]]:
    midnight = datetime.combine(day, time(), tzinfo=LOCAL)
    for start, end in _spans_of(parse(hours), day, calendar):
        yield midnight + timedelta(minutes=start), midnight + timedelta(minutes=end)


def _spans_of(week: WeeklyHours, day: date, calendar: HolidayCalendar) -> tuple[Span, ...]:
    if week.holiday is None:
        return week.week[day.weekday()]
    if calendar.is_holiday(day):
        return week.holiday
    # Who follows the official holidays also works the weekends that make up for them, as on a Monday.
    return week.week[0 if calendar.is_makeup_workday(day) else day.weekday()]


def _grouped(week: WeeklyHours) -> list[tuple[list[int], tuple[Span, ...]]]:
    """Weekdays with the same spans side by side, in order of the first of them."""
    groups: dict[tuple[Span, ...], list[int]] = {}
    for day, spans in enumerate(week.week):
        groups.setdefault(spans, []).append(day)
    return [(days, spans) for spans, days in groups.items()]


def _day_names(days: list[int]) -> str:
    if len(days) == 7:
        return "每天"
    if len(days) > 2 and days[-1] - days[0] == len(days) - 1:
        return f"{DAY_NAMES[days[0]]}至{DAY_NAMES[days[-1]]}"
    return "、".join(DAY_NAMES[day] for day in days)


def _spans(spans: tuple[Span, ...]) -> str:
    if spans == ((0, DAY_MINUTES),):
        return "全天"
    return "、".join(f"{_clock(start)}–{_clock(end)}" for start, end in spans)


def _clock(minutes: int) -> str:
    prefix = "次日 " if minutes > DAY_MINUTES else ""
    minutes = minutes - DAY_MINUTES if minutes > DAY_MINUTES else minutes
    return f"{prefix}{minutes // 60}:{minutes % 60:02}"
