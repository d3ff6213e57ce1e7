from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from bot.community import people
from bot.community.errors import NotFound


def test_counsellor_is_found_by_topic_and_language(content: Session) -> None:
    found = people.find(content, role="counsellor", topic="anxiety_sleep", language="赣语", sex="female")
    assert [person.id for person in found] == ["c1"]


def test_person_without_the_topic_is_left_out(content: Session) -> None:
    assert people.find(content, role="counsellor", topic="addiction") == []


def test_availability_decides(content: Session, now: datetime) -> None:
    assert people.find(content, role="counsellor", at=now)
    assert not people.find(content, role="counsellor", at=now.replace(hour=20))


def test_expired_certificate_is_not_offered(content: Session, now: datetime) -> None:
    assert not people.find(content, role="counsellor", at=now.replace(year=2027, month=6, day=7))


def test_other_communities_people_stay_there(content: Session) -> None:
    assert people.find(content, role="lawyer", community_id="west") == []


def test_unknown_person_is_refused(content: Session) -> None:
    with pytest.raises(NotFound):
        people.get(content, "none")
