from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.community import conversations, crisis, handoff, notifications, staff_tasks
from bot.community.errors import AlreadyTaken, InvalidValue, NotAllowed
from bot.community.models.notifications import Notification
from tests.community.factories import a_staff

MINUTE = timedelta(minutes=1)


def raised(session: Session, now: datetime, **values: object) -> crisis.Alarm:
    usual = {"level": "crisis", "text": "我不想活了", "reasons": ["guard"], "third_person": False}
    return crisis.raise_alarm(session, "web:r1", **{**usual, **values}, now=now)


def called(session: Session) -> list[tuple[str, str]]:
    query = select(Notification.recipient, Notification.kind).where(Notification.kind.like("crisis%"))
    return [tuple(row) for row in session.execute(query.order_by(Notification.id))]


def test_alarm_reaches_staff_queue_and_conversation(session: Session, now: datetime) -> None:
    first = a_staff(session, now, "first", "operator", call_order=1)
    a_staff(session, now, "second", "counsellor")
    alarm = raised(session, now)
    assert alarm.number == "JJ20261123-0001"
    assert called(session) == [(f"staff:{first}", "crisis_alarm"), ("staff:all", "crisis_alarm")]
    conversation = handoff.waiting(session)[0]
    assert (conversation.id, conversation.careful, conversation.crisis) == (alarm.session_id, True, "crisis")
    assert conversation.waiting_reason == "crisis"


def test_alarm_reaches_everybody_when_no_staff_is_named(session: Session, now: datetime) -> None:
    raised(session, now)
    assert called(session) == [("staff:all", "crisis_alarm")]
    assert crisis.escalate_due(session, now=now + 3 * MINUTE)[0].staff_ids == ()


def test_second_cry_adds_to_the_open_alarm(session: Session, now: datetime) -> None:
    first = raised(session, now)
    again = raised(session, now + MINUTE, text="我在楼顶")
    assert again.id == first.id
    assert [event.text for event in crisis.events(session, first.id)] == ["我不想活了", "我在楼顶"]
    assert [kind for _, kind in called(session)] == ["crisis_alarm", "crisis_repeated"]


def test_crisis_goes_ahead_of_all_who_waited(session: Session, now: datetime) -> None:
    handoff.request(session, "web:early", reason="wish", now=now)
    raised(session, now + MINUTE)
    assert [view.sender_id for view in handoff.waiting(session)] == ["web:r1", "web:early"]


def test_unanswered_alarm_calls_the_next_and_then_everybody(session: Session, now: datetime) -> None:
    ids = [a_staff(session, now, name, "operator", call_order=place) for place, name in enumerate("abc")]
    raised(session, now)
    assert crisis.escalate_due(session, now=now + 2 * MINUTE) == []
    steps = [crisis.escalate_due(session, now=now + minutes * MINUTE) for minutes in (3, 6, 9, 12)]
    assert [step[0].staff_ids for step in steps] == [(ids[1],), (ids[2],), tuple(ids), tuple(ids)]
    assert crisis.escalate_due(session, now=now + 12 * MINUTE) == []


def test_named_person_ends_the_escalation(session: Session, now: datetime) -> None:
    one, other = a_staff(session, now, "one"), a_staff(session, now, "other")
    alarm = raised(session, now)
    for _ in range(2):
        assert crisis.acknowledge(session, alarm.id, one, now=now).acknowledged_by == one
    with pytest.raises(AlreadyTaken):
        crisis.acknowledge(session, alarm.id, other, now=now)
    assert crisis.escalate_due(session, now=now + timedelta(days=1)) == []
    raised(session, now + MINUTE)
    assert called(session)[-1] == (f"staff:{one}", "crisis_repeated")


def test_concern_that_becomes_a_crisis_needs_a_new_answer(session: Session, now: datetime) -> None:
    one = a_staff(session, now, "one")
    alarm = raised(session, now, level="concern")
    crisis.acknowledge(session, alarm.id, one, now=now)
    risen = raised(session, now + MINUTE)
    assert (risen.id, risen.level, risen.acknowledged_by) == (alarm.id, "crisis", None)
    assert crisis.escalate_due(session, now=now + 4 * MINUTE)
    assert raised(session, now + 5 * MINUTE, level="concern").level == "crisis"


def test_closing_needs_an_answer_and_leaves_follow_ups(session: Session, now: datetime) -> None:
    one = a_staff(session, now, "one")
    alarm = raised(session, now)
    with pytest.raises(NotAllowed):
        crisis.close(session, alarm.id, one, outcome="safe", now=now)
    crisis.acknowledge(session, alarm.id, one, now=now)
    for _ in range(2):
        crisis.close(session, alarm.id, one, outcome="safe", now=now)
    due = [(task.kind, task.due_at - now, task.staff_id) for task in staff_tasks.todo(session)]
    assert due == [("crisis_follow_up", timedelta(days=days), one) for days in (1, 7)]
    assert crisis.open_alarm(session, "web:r1") is None
    assert not conversations.get_session(session, alarm.session_id).careful
    assert raised(session, now + MINUTE).id != alarm.id


def test_careful_conversation_outlives_time_out_and_operator(session: Session, now: datetime) -> None:
    one = a_staff(session, now, "one")
    alarm = raised(session, now)
    handoff.take(session, alarm.session_id, one, now=now)
    assert handoff.give_back(session, alarm.session_id, one, now=now).careful
    later = now + timedelta(days=3)
    message = conversations.NewMessage("resident", "还在吗")
    assert conversations.append(session, "web:r1", [message], now=later) == alarm.session_id


def test_alarm_waits_for_nobody_elses_news(session: Session, now: datetime) -> None:
    notifications.enqueue(session, recipient="staff:all", kind="news", payload={}, key="n", now=now - MINUTE)
    raised(session, now)
    assert "crisis_alarm" in {found.kind for found in notifications.claim(session, "w", 10, now=now, to_staff=True)}


def test_refuses_a_level_that_is_none(session: Session, now: datetime) -> None:
    with pytest.raises(InvalidValue):
        raised(session, now, level="none")


def test_alarm_about_a_minor_leaves_one_task(session, now):
    for _ in range(2):
        crisis.raise_alarm(
            session,
            "web:child",
            level="crisis",
            text="我是初二的 不想活了",
            reasons=["wish", "minor"],
            third_person=False,
            now=now,
        )
    assert [task.kind for task in staff_tasks.todo(session)] == ["minor_at_risk"]
