from __future__ import annotations

from datetime import date, datetime

import pytest

from bot.community.clock import LOCAL
from bot.community.errors import InvalidValue
from bot.community.opening_hours import HolidayCalendar, describe, describe_moment, is_open, next_opening, parse

OFFICE = "Mo-Fr 08:30-12:00,14:00-17:30; Sa 09:00-12:00; PH off"


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=LOCAL)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (at(2026, 11, 23, 8, 30), True),
        (at(2026, 11, 23, 12, 0), False),
        (at(2026, 11, 23, 14, 0), True),
        (at(2026, 11, 28, 10, 0), True),
        (at(2026, 11, 29, 10, 0), False),
        (at(2026, 10, 1, 10, 0), False),  # National Day, a Thursday
        (at(2026, 10, 10, 15, 0), True),  # a Saturday worked instead, as a weekday
    ],
)
def test_office_is_open_as_written(moment: datetime, expected: bool) -> None:
    assert is_open(OFFICE, moment) is expected


def test_holiday_counts_as_weekday_without_a_holiday_rule() -> None:
    assert is_open("Mo-Su 08:00-20:00", at(2026, 10, 1, 10))


def test_night_hours_last_past_midnight() -> None:
    assert is_open("Fr 20:00-02:00", at(2026, 11, 28, 1, 59))
    assert not is_open("Fr 20:00-02:00", at(2026, 11, 28, 2, 0))


def test_round_the_clock_is_always_open() -> None:
    assert is_open("24/7", at(2026, 2, 17, 3))


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (at(2026, 11, 23, 12, 30), "今天 14:00"),
        (at(2026, 11, 23, 18, 0), "明天 8:30"),
        (at(2026, 11, 28, 13, 0), "后天 8:30"),
        (at(2026, 10, 1, 9, 0), "10月8日 8:30"),
    ],
)
def test_next_opening_as_people_say_it(moment: datetime, expected: str) -> None:
    opens = next_opening(OFFICE, moment)
    assert opens is not None
    assert describe_moment(opens, now=moment) == expected


def test_never_open_has_no_next_opening() -> None:
    assert next_opening("Mo-Su off", at(2026, 11, 23, 9)) is None


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        (OFFICE, "周一至周五 8:30–12:00、14:00–17:30；周六 9:00–12:00；节假日休息"),
        ("24/7", "24 小时"),
        ("Mo-Su 18:00-02:00", "每天 18:00–次日 2:00"),
        ("Mo,We 14:00-20:00", "周一、周三 14:00–20:00"),
        ("06:00-24:00", "每天 6:00–24:00"),
        ("Mo-Fr 09:00-17:00; PH 10:00-12:00", "周一至周五 9:00–17:00；节假日 10:00–12:00"),
    ],
)
def test_hours_in_chinese(hours: str, expected: str) -> None:
    assert describe(hours) == expected


@pytest.mark.parametrize(
    "hours", ["", "Mo-Fr", "Mo-Fr 8-12", "Mo-Fr 25:00-26:00", "Mo 09:60-10:00", "sometimes", "Mo-PH 09:00-10:00"]
)
def test_unreadable_hours_are_refused(hours: str) -> None:
    with pytest.raises(InvalidValue):
        parse(hours)


def test_calendar_without_data_falls_back_to_weekdays(caplog: pytest.LogCaptureFixture) -> None:
    calendar = HolidayCalendar()
    assert calendar.is_workday(date(2093, 3, 2))
    assert not calendar.is_workday(date(2093, 3, 1))
    assert calendar.is_holiday(date(2093, 10, 1))
    assert "2093" in caplog.text
