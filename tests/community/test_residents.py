from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from bot.community import residents
from bot.community.errors import InvalidValue, NotFound
from tests.community.factories import a_resident


def test_sender_is_the_same_resident_every_time(session: Session, now: datetime) -> None:
    assert residents.find(session, "web:r1") is None
    first = residents.resolve(session, "web:r1", now=now)
    assert residents.resolve(session, "web:r1", now=now) == first == residents.find(session, "web:r1")
    assert residents.resolve(session, "wechat:r1", now=now).id != first.id
    assert residents.senders(session, first.id) == ["web:r1"]


def test_address_is_remembered_and_a_move_forgets_the_old_door(session: Session, now: datetime) -> None:
    id = a_resident(session, now)
    residents.remember(session, id, name="王女士", compound_id="c1", building="3", unit="2", room="501")
    assert residents.get(session, id).room == "501"
    moved = residents.remember(session, id, compound_id="c2", building="8")
    assert (moved.name, moved.building, moved.unit, moved.room) == ("王女士", "8", None, None)
    assert residents.remember(session, id, name=None).name is None


def test_remember_refuses_other_fields(session: Session, now: datetime) -> None:
    with pytest.raises(InvalidValue):
        residents.remember(session, a_resident(session, now), legal_hold="1")
    with pytest.raises(NotFound):
        residents.remember(session, 99, name="x")


def test_consent_is_given_withdrawn_and_given_again(session: Session, now: datetime) -> None:
    id = a_resident(session, now)
    for _ in range(2):
        residents.grant_consent(session, id, residents.PSYCHOLOGY, now=now)
    assert residents.has_consent(session, id, residents.PSYCHOLOGY)
    assert not residents.has_consent(session, id, "other")
    assert residents.withdraw_consent(session, id, residents.PSYCHOLOGY, now=now)
    assert not residents.withdraw_consent(session, id, residents.PSYCHOLOGY, now=now)
    assert not residents.has_consent(session, id, residents.PSYCHOLOGY)
    residents.grant_consent(session, id, residents.PSYCHOLOGY, now=now)
    assert residents.has_consent(session, id, residents.PSYCHOLOGY)


def test_preferences_are_merged(session: Session, now: datetime) -> None:
    id = a_resident(session, now)
    residents.set_preferences(session, id, large_text=True, dialect="gan")
    assert residents.set_preferences(session, id, dialect=None).preferences == {"large_text": True}
