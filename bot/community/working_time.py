"""Counting time in working hours, with the holidays and worked weekends of the official calendar."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from bot.community.clock import LOCAL, local
from bot.community.holidays import CALENDAR, HolidayCalendar


@dataclass(frozen=True)
class WorkingTime:
    """When the office works: the spans of a working day, in order, in local time."""

    spans: tuple[tuple[time, time], ...]
    calendar: HolidayCalendar = CALENDAR

    def is_working(self, at: datetime) -> bool:
        moment = local(at)
        return any(start <= moment < end for start, end in self._day(moment))

    def add_working(self, start: datetime, duration: timedelta) -> datetime:
        """The moment at which that much working time has passed since start."""
        left = duration
        for opens, closes in self._spans_from(start):
            usable = closes - max(opens, start)
            if usable >= left:
                return max(opens, start) + left
            left -= usable
        raise AssertionError("working time never ends")

    def add_working_days(self, start: datetime, days: int) -> datetime:
        """The end of the days-th working day after the day of start (the day itself does not count)."""
        day = local(start)
        while days > 0:
            day += timedelta(days=1)
            if self.calendar.is_workday(day.date()):
                days -= 1
        return datetime.combine(day.date(), self.spans[-1][1], tzinfo=LOCAL)

    def _spans_from(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        day = local(start)
        while True:
            yield from (span for span in self._day(day) if span[1] > start)
            day += timedelta(days=1)

    def _day(self, moment: datetime) -> list[tuple[datetime, datetime]]:
        day = moment.date()
        if not self.calendar.is_workday(day):
            return []
        return [
            (datetime.combine(day, start, tzinfo=LOCAL), datetime.combine(day, end, tzinfo=LOCAL))
            for start, end in self.spans
        ]


def parse_spans(spans: list[str]) -> tuple[tuple[time, time], ...]:
    """["08:30-12:00", …] as times."""
    pairs = (span.split("-") for span in spans)
    return tuple((time.fromisoformat(start.strip()), time.fromisoformat(end.strip())) for start, end in pairs)
