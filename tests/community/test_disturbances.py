from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.community import disturbances, residents
from bot.community.errors import NotFound
from bot.community.models.notifications import Notification


@pytest.mark.parametrize(
    ("building", "hour", "expected"),
    [("1", 10, 1), ("2栋", 10, 1), ("3", 10, 0), (None, 10, 1), ("1", 7, 0), ("1", 18, 0)],
)
def test_only_the_buildings_and_hours_of_the_notice(
    content: Session, now: datetime, building: str | None, hour: int, expected: int
) -> None:
    found = disturbances.current(
        content, compound_id="sunny", building=building, category="water_supply", now=now.replace(hour=hour)
    )
    assert len(found) == expected


def test_other_compounds_are_not_touched(content: Session, now: datetime) -> None:
    assert disturbances.current(content, compound_id="newtown", now=now) == []


def test_joined_resident_hears_of_the_end_once(content: Session, now: datetime) -> None:
    resident = residents.resolve(content, "web:1", now=now)
    assert disturbances.join(content, "w1", resident.id, now=now)
    assert not disturbances.join(content, "w1", resident.id, now=now)
    assert disturbances.end(content, "w1", now=now) == 1
    assert disturbances.end(content, "w1", now=now) == 0
    assert [notice.recipient for notice in content.scalars(select(Notification))] == ["web:1"]


def test_ended_disturbance_is_no_longer_told(content: Session, now: datetime) -> None:
    disturbances.end(content, "w1", now=now)
    assert disturbances.current(content, compound_id="sunny", now=now) == []


def test_unknown_disturbance_is_refused(content: Session, now: datetime) -> None:
    with pytest.raises(NotFound):
        disturbances.end(content, "none", now=now)
