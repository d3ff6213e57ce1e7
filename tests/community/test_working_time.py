from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.community import service_levels, taxonomy
from bot.community.clock import LOCAL
from bot.community.working_time import WorkingTime, parse_spans

OFFICE = WorkingTime(parse_spans(["08:30-12:00", "14:00-17:30"]))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LOCAL)


@pytest.mark.parametrize(
    ("moment", "working"),
    [
        ("2026-11-23 08:30", True),
        ("2026-11-23 12:00", False),
        ("2026-11-23 17:30", False),
        ("2026-11-22 10:00", False),  # Sunday
        ("2026-10-01 10:00", False),  # National Day
        ("2026-10-10 10:00", True),  # a Saturday that is worked
    ],
)
def test_office_hours_follow_the_official_calendar(moment: str, working: bool) -> None:
    assert OFFICE.is_working(at(moment)) is working


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-11-23 10:00", 1, "2026-11-23 11:00"),
        ("2026-11-23 10:00", 2, "2026-11-23 12:00"),
        ("2026-11-23 10:00", 4, "2026-11-23 16:00"),  # over lunch
        ("2026-11-23 20:00", 1, "2026-11-24 09:30"),
        ("2026-11-27 17:00", 1, "2026-11-30 09:00"),  # over the weekend
        ("2026-09-30 17:00", 1, "2026-10-08 09:00"),  # over National Day
    ],
)
def test_working_hours_pass_only_while_working(start: str, hours: int, end: str) -> None:
    assert OFFICE.add_working(at(start), timedelta(hours=hours)) == at(end)


def test_working_days_end_with_the_day() -> None:
    assert OFFICE.add_working_days(at("2026-11-23 10:00"), 3) == at("2026-11-26 17:30")
    assert OFFICE.add_working_days(at("2026-11-27 10:00"), 1) == at("2026-11-30 17:30")


@pytest.mark.parametrize(
    ("category", "urgency", "level"),
    [
        ("noise", "routine", "ordinary"),
        ("noise", "urgent", "utility"),
        ("leak_plumbing", "routine", "utility"),
        ("leak_plumbing", "emergency", "danger"),
        ("emergency", "routine", "danger"),
        ("service_attitude", "routine", "complaint"),
        ("elderly_benefits", "routine", "consultation"),
        ("human", "routine", "call_back"),
    ],
)
def test_level_by_category_raised_by_urgency(category: str, urgency: str, level: str) -> None:
    assert service_levels.level_of(category, urgency) == level


def test_every_category_has_times_in_order(now: datetime) -> None:
    for category in taxonomy.categories():
        for urgency in taxonomy.URGENCY_LEVELS:
            respond_by, resolve_by = service_levels.due(category.id, urgency, now)
            assert now < respond_by <= resolve_by, category.id
            assert now < service_levels.warn_at(now, resolve_by) < resolve_by


def test_times_of_the_standard(now: datetime) -> None:
    assert service_levels.due("fire_gas_safety", "emergency", now)[1] == now + timedelta(hours=2)
    assert service_levels.due("water_supply", "routine", now)[1] == now + timedelta(hours=24)
    assert service_levels.due("noise", "routine", now)[1] == now + timedelta(days=7)
    assert service_levels.due("fees", "routine", now)[1] == now + timedelta(days=15)
    assert service_levels.due("social_insurance", "routine", now)[1] == at("2026-11-26 17:30")
    assert service_levels.due("service_attitude", "routine", now)[1] == at("2026-12-10 17:30")
