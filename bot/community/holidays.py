"""The official calendar: public holidays and the weekend days that are worked instead (调休)."""

from __future__ import annotations

import logging
from datetime import date
from functools import lru_cache

import chinese_calendar

logger = logging.getLogger(__name__)

# Fixed by the regulation on public holidays (State Council, 2024); what a year adds is announced each November.
FIXED_HOLIDAYS = {(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)}


class HolidayCalendar:
    """Days as the State Council announced them; for a year not announced yet, weekdays and fixed holidays."""

    def is_holiday(self, day: date) -> bool:
        """A public holiday, the days off around it included; an ordinary weekend is none."""
        return _detail(day)[0]

    def is_makeup_workday(self, day: date) -> bool:
        """A Saturday or Sunday that is worked."""
        return _detail(day)[1]

    def is_workday(self, day: date) -> bool:
        holiday, makeup = _detail(day)
        return makeup or (day.weekday() < 5 and not holiday)


@lru_cache(maxsize=4096)
def _detail(day: date) -> tuple[bool, bool]:
    """(public holiday, worked weekend)."""
    try:
        is_off, name = chinese_calendar.get_holiday_detail(day)
    except NotImplementedError:
        _warn_of_year(day.year)
        return (day.month, day.day) in FIXED_HOLIDAYS, False
    return is_off and name is not None, not is_off and day.weekday() >= 5


@lru_cache(maxsize=16)
def _warn_of_year(year: int) -> None:
    logger.warning("No holiday calendar for %s yet: update chinesecalendar; until then weekdays count", year)


CALENDAR = HolidayCalendar()
