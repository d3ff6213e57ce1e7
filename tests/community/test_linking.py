from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.community import linking, residents, tickets
from bot.community.errors import InvalidValue, NotFound, TooOften
from bot.community.models.notifications import Notification
from tests.community.factories import a_draft, a_resident

PHONE = "13900001234"


def sent_code(session: Session, sender_id: str, now: datetime, phone: str = PHONE) -> str:
    linking.request_code(session, sender_id, phone, now=now)
    query = select(Notification.payload).where(Notification.recipient == f"sms:{phone}")
    return session.scalars(query.order_by(Notification.id.desc())).first()["code"]


def proved(session: Session, sender_id: str, now: datetime) -> residents.ResidentView:
    return linking.confirm_code(session, sender_id, sent_code(session, sender_id, now), now=now)


def test_two_channels_become_one_resident(session: Session, now: datetime) -> None:
    first = proved(session, "wechat:o1", now)
    number = tickets.open_ticket(session, a_draft(), key="k", now=now).number
    web = a_resident(session, now)
    residents.grant_consent(session, web, residents.PSYCHOLOGY, now=now)
    residents.remember(session, web, room="501")
    joined = proved(session, "web:r1", now)
    assert joined.id == first.id == residents.resolve(session, "web:r1", now=now).id
    assert (joined.phone, joined.room) == (PHONE, "501")
    assert tickets.get(session, number, resident_id=first.id).number == number
    assert residents.has_consent(session, first.id, residents.PSYCHOLOGY)
    assert residents.senders(session, first.id) == ["web:r1", "wechat:o1"]


def test_a_phone_that_was_only_named_links_nobody(session: Session, now: datetime) -> None:
    victim = a_resident(session, now, "wechat:victim")
    residents.remember(session, victim, phone=PHONE)
    assert proved(session, "web:r1", now).id != victim


def test_wrong_codes_run_out(session: Session, now: datetime) -> None:
    code = sent_code(session, "web:r1", now)
    for _ in range(linking.MOST_ATTEMPTS):
        assert linking.confirm_code(session, "web:r1", "wrong", now=now) is None
    with pytest.raises(TooOften):
        linking.confirm_code(session, "web:r1", code, now=now)


def test_code_is_for_its_sender_once_and_for_a_while(session: Session, now: datetime) -> None:
    code = sent_code(session, "web:r1", now)
    for sender_id, at in (("web:other", now), ("web:r1", now + linking.CODE_LIFETIME)):
        with pytest.raises(NotFound):
            linking.confirm_code(session, sender_id, code, now=at)
    assert linking.confirm_code(session, "web:r1", f" {code} ", now=now)
    with pytest.raises(NotFound):
        linking.confirm_code(session, "web:r1", code, now=now)


def test_codes_are_not_sent_without_end(session: Session, now: datetime) -> None:
    for number in range(linking.CODES_PER_DAY):
        sent_code(session, f"web:{number}", now)
    with pytest.raises(TooOften) as refused:
        sent_code(session, "web:r1", now + timedelta(hours=1))
    sent_code(session, "web:r1", refused.value.again_at)
    with pytest.raises(InvalidValue):
        linking.request_code(session, "web:r1", "phone", now=now)
