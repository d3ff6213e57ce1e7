from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.community import conversations, handoff, notifications
from bot.community.errors import AlreadyTaken, InvalidValue, NotAllowed
from bot.community.models.conversations import HandoffEvent
from tests.community.factories import a_staff

MINUTE = timedelta(minutes=1)


def recorded(session: Session) -> list[str]:
    return list(session.scalars(select(HandoffEvent.kind).order_by(HandoffEvent.id)))


def test_asking_again_keeps_the_place(session: Session, now: datetime) -> None:
    handoff.request(session, "web:first", reason="wish", now=now)
    place = handoff.request(session, "web:r1", reason="wish", now=now + MINUTE)
    assert (place.position, place.expected_wait_minutes, place.in_hours) == (2, 9, True)
    assert handoff.request(session, "web:r1", reason="misunderstood", now=now + 2 * MINUTE) == place
    assert recorded(session) == ["requested", "requested"]
    assert len(notifications.claim(session, "w", 10, now=now + MINUTE, to_staff=True)) == 2


def test_pressing_reason_moves_forward(session: Session, now: datetime) -> None:
    handoff.request(session, "web:first", reason="wish", now=now)
    handoff.request(session, "web:r1", reason="wish", now=now + MINUTE)
    assert handoff.request(session, "web:r1", reason="crisis", now=now + 2 * MINUTE).position == 1
    assert [view.sender_id for view in handoff.waiting(session)] == ["web:r1", "web:first"]


def test_out_of_hours_is_told(session: Session, now: datetime) -> None:
    assert not handoff.request(session, "web:r1", reason="wish", now=now + timedelta(hours=12)).in_hours


def test_one_operator_takes_it(session: Session, now: datetime) -> None:
    one, other = a_staff(session, now, "one"), a_staff(session, now, "other")
    place = handoff.request(session, "web:r1", reason="wish", now=now)
    for _ in range(2):
        handoff.take(session, place.session_id, one, now=now)
    with pytest.raises(AlreadyTaken) as refused:
        handoff.take(session, place.session_id, other, now=now)
    assert refused.value.by == one
    state = handoff.state_of(session, "web:r1", now=now)
    assert (state.state, state.operator_name, state.place) == ("human", "one", None)
    assert handoff.waiting(session) == []
    assert handoff.request(session, "web:r1", reason="wish", now=now).position == 0


def test_given_back_to_the_bot(session: Session, now: datetime) -> None:
    one, other = a_staff(session, now, "one"), a_staff(session, now, "other")
    place = handoff.request(session, "web:r1", reason="wish", now=now)
    handoff.take(session, place.session_id, one, now=now)
    with pytest.raises(NotAllowed):
        handoff.give_back(session, place.session_id, other, now=now)
    handoff.transfer(session, place.session_id, one, other, now=now)
    handoff.give_back(session, place.session_id, other, now=now)
    assert handoff.state_of(session, "web:r1", now=now).state == "bot"
    assert recorded(session) == ["requested", "taken", "transferred", "given_back"]
    assert next(found.kind for found in notifications.for_staff(session, other)) == "conversation_transferred"


def test_waiting_conversation_does_not_time_out(session: Session, now: datetime) -> None:
    place = handoff.request(session, "web:r1", reason="wish", now=now)
    later = now + timedelta(days=1)
    assert conversations.append(session, "web:r1", [], now=later) == place.session_id
    assert not conversations.end(session, "web:r1", now=later)


def test_withdrawn_unless_in_crisis(session: Session, now: datetime) -> None:
    handoff.request(session, "web:r1", reason="wish", now=now)
    handoff.request(session, "web:r2", reason="crisis", now=now)
    assert handoff.withdraw(session, "web:r1", now=now)
    assert not handoff.withdraw(session, "web:r2", now=now)
    assert not handoff.withdraw(session, "web:nobody", now=now)
    assert [view.sender_id for view in handoff.waiting(session)] == ["web:r2"]


def test_queue_of_a_community_shows_the_unplaced_too(session: Session, now: datetime) -> None:
    for sender, community in (("web:a", "c1"), ("web:b", "c2"), ("web:c", None)):
        conversations.append(session, sender, [], now=now, community_id=community)
        handoff.request(session, sender, reason="wish", now=now)
    assert [view.sender_id for view in handoff.waiting(session, community_ids=["c1"])] == ["web:a", "web:c"]


def test_unknown_sender_is_with_the_bot(session: Session, now: datetime) -> None:
    assert handoff.state_of(session, "web:new", now=now) == handoff.HandoffState("bot")
    with pytest.raises(InvalidValue):
        handoff.request(session, "web:new", reason="because", now=now)
