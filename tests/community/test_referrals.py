from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy.orm import Session

from bot.community import notifications, referral_slots, referrals, residents
from bot.community.errors import (
    AlreadyTaken,
    ConsentMissing,
    InvalidTransition,
    InvalidValue,
    NotAllowed,
    NotFound,
)
from bot.community.models.people import Person
from bot.community.referral_views import Reader
from tests.community.factories import a_referral, a_resident, a_staff

SLOT = datetime(2026, 11, 25, 2, 0, tzinfo=timezone.utc)


@pytest.fixture
def counsellor(session: Session, now: datetime) -> Reader:
    session.add(Person(id="p1", name="陈静", role="counsellor"))
    session.flush()
    return Reader(a_staff(session, now, "chen", "counsellor"), "counsellor")


def requested(session: Session, now: datetime, key: str = "web:r1:m1", **values: Any) -> referrals.ReferralView:
    return referrals.request(session, a_referral(a_resident(session, now), **values), key=key, now=now)


def booked(session: Session, now: datetime, reader: Reader) -> referrals.ReferralView:
    number = requested(session, now).number
    referrals.match(session, number, counsellor_id="p1", reader=reader, now=now)
    return referrals.book(session, number, starts_at=SLOT, minutes=60, reader=reader, now=now)


def test_request_keeps_consent_and_tells_counsellors_only_the_number(
    session: Session, now: datetime, counsellor: Reader
) -> None:
    view = requested(session, now, note="晚上睡不着")
    assert requested(session, now).number == view.number == "XL20261123-0001"
    assert residents.has_consent(session, a_resident(session, now), residents.PSYCHOLOGY)
    told = notifications.for_staff(session, counsellor.staff_id)
    assert [found.payload for found in told] == [{"number": view.number, "status": "requested"}]


def test_nothing_is_stored_without_consent(session: Session, now: datetime) -> None:
    with pytest.raises(ConsentMissing):
        requested(session, now, consent_given=False)
    assert referrals.list_own(session, a_resident(session, now)) == []
    assert not residents.has_consent(session, a_resident(session, now), residents.PSYCHOLOGY)


def test_refuses_other_topics_and_unknown_ways(session: Session, now: datetime) -> None:
    with pytest.raises(InvalidValue):
        requested(session, now, topic="noise")
    with pytest.raises(InvalidValue):
        requested(session, now, contact_way="pigeon")
    assert requested(session, now, counsellor_id="gone").counsellor_id is None


def test_only_the_psychology_roles_read_and_every_look_is_kept(
    session: Session, now: datetime, counsellor: Reader
) -> None:
    number = requested(session, now).number
    for role in ("operator", "reviewer", "grid_worker"):
        with pytest.raises(NotAllowed):
            referrals.get(session, number, reader=Reader(1, role), now=now)
        with pytest.raises(NotAllowed):
            referrals.list_for(session, Reader(1, role), now=now)
    assert referrals.reads(session, number) == []
    referrals.get(session, number, reader=counsellor, now=now)
    referrals.list_for(session, counsellor, status="requested", now=now)
    assert referrals.reads(session, number) == [(counsellor.staff_id, "counsellor", now)] * 2


def test_resident_reads_only_their_own(session: Session, now: datetime) -> None:
    number = requested(session, now).number
    own, stranger = a_resident(session, now), a_resident(session, now, "web:other")
    assert referrals.get(session, number, resident_id=own, now=now).called == "小林"
    with pytest.raises(NotFound):
        referrals.get(session, number, resident_id=stranger, now=now)
    with pytest.raises(NotFound):
        referrals.cancel(session, number, resident_id=stranger, now=now)
    with pytest.raises(InvalidValue):
        referrals.get(session, number, now=now)


def test_from_request_to_close(session: Session, now: datetime, counsellor: Reader) -> None:
    view = booked(session, now, counsellor)
    assert (view.counsellor, view.starts_at, view.ends_at) == ("陈静", SLOT, SLOT + timedelta(hours=1))
    for status in ("attended", "closed"):
        referrals.change_status(session, view.number, status, reader=counsellor, now=now)
    moves = [event.to_status for event in referrals.events(session, view.number)]
    assert moves == ["requested", "matched", "booked", "attended", "closed"]
    with pytest.raises(InvalidTransition):
        referrals.change_status(session, view.number, "cancelled", reader=counsellor, now=now)


def test_counsellor_is_never_booked_twice(session: Session, now: datetime, counsellor: Reader) -> None:
    first = booked(session, now, counsellor)
    number = requested(session, now, "second").number
    referrals.match(session, number, counsellor_id="p1", reader=counsellor, now=now)
    half_past = SLOT + referral_slots.SLOT
    with session.begin_nested() as savepoint:
        with pytest.raises(AlreadyTaken):
            referrals.book(session, number, starts_at=half_past, minutes=30, reader=counsellor, now=now)
        savepoint.rollback()
    referrals.cancel(session, first.number, resident_id=a_resident(session, now), now=now)
    assert referral_slots.taken(session, "p1", since=SLOT, until=SLOT + timedelta(days=1)) == []
    referrals.book(session, number, starts_at=half_past, minutes=30, reader=counsellor, now=now)


def test_refuses_crooked_times(session: Session, now: datetime, counsellor: Reader) -> None:
    number = requested(session, now).number
    referrals.match(session, number, counsellor_id="p1", reader=counsellor, now=now)
    for starts_at, minutes in ((SLOT + timedelta(minutes=10), 30), (SLOT, 45), (SLOT, 0), (SLOT, 600)):
        with pytest.raises(InvalidValue):
            referrals.book(session, number, starts_at=starts_at, minutes=minutes, reader=counsellor, now=now)
    with pytest.raises(InvalidValue):
        referrals.change_status(session, number, "booked", reader=counsellor, now=now)


def test_booking_needs_a_match_and_a_match_a_person(session: Session, now: datetime, counsellor: Reader) -> None:
    number = requested(session, now).number
    with pytest.raises(InvalidTransition):
        referrals.book(session, number, starts_at=SLOT, minutes=30, reader=counsellor, now=now)
    with pytest.raises(NotFound):
        referrals.match(session, number, counsellor_id="gone", reader=counsellor, now=now)
