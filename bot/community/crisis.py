"""Crisis alarms: raised once per sender, repeated and escalated until a named person has answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from bot.community import conversations, handoff, notifications, numbering, service_levels, staff_tasks
from bot.community.errors import AlreadyTaken, InvalidValue, NotAllowed, NotFound
from bot.community.models.crisis import CrisisAlarm, CrisisEvent
from bot.community.models.staff import Staff
from bot.community.rows import fit, insert_once, update_if
from bot.community.taxonomy import CRISIS_LEVELS

LEVELS = CRISIS_LEVELS[1:]
MINOR = "minor"  # among an alarm's reasons: it is about somebody under 18


@dataclass(frozen=True)
class Alarm:
    """An alarm; acknowledged_by is the named person who has answered for it, None while nobody has."""

    id: int
    number: str
    sender_id: str
    session_id: int
    level: str
    third_person: bool
    raised_at: datetime
    step: int
    acknowledged_by: int | None
    acknowledged_at: datetime | None
    closed_at: datetime | None
    outcome: str | None


@dataclass(frozen=True)
class Escalation:
    """An alarm that nobody acknowledged in time, and who was called now (empty: everybody on the console)."""

    alarm: Alarm
    staff_ids: tuple[int, ...]


@dataclass(frozen=True)
class AlarmEvent:
    """A line of an alarm's history."""

    at: datetime
    kind: str
    level: str | None
    text: str | None
    reasons: Sequence[str]
    staff_id: int | None


def raise_alarm(
    session: Session,
    sender_id: str,
    *,
    level: str,
    text: str,
    reasons: Sequence[str],
    third_person: bool,
    now: datetime,
) -> Alarm:
    """Raise the alarm about a sender, or add to the open one; level is "concern" or "crisis" and only ever rises.

    In one transaction: the conversation is careful and waits for a human ahead of all others, and the staff to call
    has a notification. Raises InvalidValue for another level.
    """
    if level not in LEVELS:
        raise InvalidValue("level", level, "unknown_level")
    conversation = conversations.open_session(session, sender_id, now=now)
    is_new = _insert(session, conversation, level, third_person, now)
    alarm = _open_row(session, sender_id, lock=True)
    rises = not is_new and LEVELS.index(level) > LEVELS.index(alarm.level)
    event = _record(session, alarm, "raised" if is_new else "repeated", now, level=level, text=text, reasons=reasons)
    if rises:
        _raise_level(alarm, level, now)
    _mark(conversation, alarm.level)
    if MINOR in reasons:
        _task_for_minor(session, alarm, now)
    if is_new or rises:
        _call(session, alarm, _chain(session)[:1], "crisis_alarm", now)
    else:
        _tell_who_answered(session, alarm, event, now)
    session.flush()
    handoff.request(session, sender_id, reason="crisis", now=now)
    return _view(alarm)


def acknowledge(session: Session, alarm_id: int, staff_id: int, *, now: datetime) -> Alarm:
    """A named person answers for the alarm: it is no longer escalated. Again by the same person: no change.

    Raises AlreadyTaken when another did, NotFound, NotAllowed when it is closed.
    """
    alarm = _locked(session, alarm_id)
    if alarm.acknowledged_by == staff_id:
        return _view(alarm)
    if alarm.acknowledged_by is not None:
        raise AlreadyTaken(alarm.number, alarm.acknowledged_by)
    if alarm.closed_at is not None:
        raise NotAllowed("acknowledge", "closed")
    alarm.acknowledged_by = staff_id
    alarm.acknowledged_at = now
    alarm.escalate_at = None
    _record(session, alarm, "acknowledged", now, staff_id=staff_id)
    return _view(alarm)


def escalate_due(session: Session, *, now: datetime, limit: int = 50) -> list[Escalation]:
    """Call the next named person for each alarm nobody acknowledged in time; after the last, everybody again.

    Several processes may do it at once: each step is made by one of them.
    """
    due = (
        select(CrisisAlarm)
        .where(CrisisAlarm.escalate_at <= now, CrisisAlarm.closed_at.is_(None))
        .order_by(CrisisAlarm.escalate_at, CrisisAlarm.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    chain = _chain(session)
    return [_escalate(session, alarm, chain, now) for alarm in session.scalars(due).all()]


def close(session: Session, alarm_id: int, staff_id: int, *, outcome: str, now: datetime) -> Alarm:
    """End the alarm and its careful mode, and leave tasks to ask again later. Closing again changes nothing.

    Raises NotAllowed while nobody has acknowledged it, NotFound.
    """
    alarm = _locked(session, alarm_id)
    if alarm.closed_at is not None:
        return _view(alarm)
    if alarm.acknowledged_by is None:
        raise NotAllowed("close", "not_acknowledged")
    values = fit(CrisisAlarm, {"closed_at": now, "closed_by": staff_id, "outcome": outcome, "escalate_at": None})
    update_if(session, CrisisAlarm, CrisisAlarm.id == alarm_id, **values)
    conversation = conversations.current(session, alarm.sender_id)
    if conversation is not None:
        conversation.careful = False
    _record(session, alarm, "closed", now, text=outcome, staff_id=staff_id)
    _plan_follow_ups(session, alarm, now)
    return _view(alarm)


def open_alarm(session: Session, sender_id: str) -> Alarm | None:
    """The alarm about a sender that is not closed yet."""
    alarm = _open_row(session, sender_id, lock=False)
    return _view(alarm) if alarm else None


def open_alarms(session: Session, *, limit: int = 50) -> list[Alarm]:
    """Alarms not closed yet: those nobody answered first, then the oldest."""
    query = select(CrisisAlarm).where(CrisisAlarm.closed_at.is_(None))
    order = (CrisisAlarm.acknowledged_at.isnot(None), CrisisAlarm.raised_at, CrisisAlarm.id)
    return [_view(alarm) for alarm in session.scalars(query.order_by(*order).limit(limit))]


def sessions_of(session: Session, numbers: Sequence[str]) -> dict[str, int]:
    """Alarm number: id of the conversation session in which it was raised."""
    query = select(CrisisAlarm.number, CrisisAlarm.session_id).where(CrisisAlarm.number.in_(list(numbers)))
    return {row.number: row.session_id for row in session.execute(query)}


def events(session: Session, alarm_id: int, *, limit: int = 200) -> list[AlarmEvent]:
    """An alarm's history in order."""
    query = select(CrisisEvent).where(CrisisEvent.alarm_id == alarm_id).order_by(CrisisEvent.id).limit(limit)
    names = AlarmEvent.__dataclass_fields__
    return [AlarmEvent(**{name: getattr(row, name) for name in names}) for row in session.scalars(query)]


def _insert(session: Session, conversation: Any, level: str, third_person: bool, now: datetime) -> bool:
    if _open_row(session, conversation.sender_id, lock=False) is not None:
        return False
    values = {
        "number": numbering.next_number(session, numbering.ALARM, now=now),
        "sender_id": conversation.sender_id,
        "session_id": conversation.id,
        "level": level,
        "third_person": third_person,
        "raised_at": now,
        "escalate_at": service_levels.crisis_escalates_at(level, now),
    }
    return insert_once(session, CrisisAlarm, values, unique=["sender_id"], where=text("closed_at IS NULL"))


def _raise_level(alarm: Any, level: str, now: datetime) -> None:
    alarm.level = level
    # What somebody accepted was a concern; a crisis needs an answer of its own.
    alarm.acknowledged_by = None
    alarm.acknowledged_at = None
    alarm.step = 0
    alarm.escalate_at = service_levels.crisis_escalates_at(level, now)


def _mark(conversation: Any, level: str) -> None:
    conversation.careful = True
    if CRISIS_LEVELS.index(level) > CRISIS_LEVELS.index(conversation.crisis):
        conversation.crisis = level


def _chain(session: Session) -> list[int]:
    """Who is called, in order."""
    roles = service_levels.crisis_roles()
    people = session.execute(
        select(Staff.id, Staff.role, Staff.call_order).where(Staff.role.in_(roles), Staff.disabled.is_(False))
    ).all()

    def place(person: Any) -> tuple[bool, int, int, int]:
        return person.call_order is None, person.call_order or 0, roles.index(person.role), person.id

    return [person.id for person in sorted(people, key=place)]


def _escalate(session: Session, alarm: Any, chain: Sequence[int], now: datetime) -> Escalation:
    alarm.step += 1
    alarm.escalate_at = service_levels.crisis_escalates_at(alarm.level, now)
    called = chain[alarm.step : alarm.step + 1] or chain
    _call(session, alarm, called, "crisis_escalated", now)
    for staff_id in called:
        _record(session, alarm, "escalated", now, level=alarm.level, staff_id=staff_id)
    if not called:
        _record(session, alarm, "escalated", now, level=alarm.level)
    return Escalation(_view(alarm), tuple(called))


def _call(session: Session, alarm: Any, staff_ids: Sequence[int], kind: str, now: datetime) -> None:
    """Notify these people by name, and always everybody who looks at the console."""
    for recipient in [*(f"staff:{id}" for id in staff_ids), notifications.STAFF_ALL]:
        key = f"crisis:{alarm.id}:{alarm.level}:{alarm.step}:{recipient}"
        _notify(session, alarm, recipient, kind, key, now)


def _tell_who_answered(session: Session, alarm: Any, event: Any, now: datetime) -> None:
    recipient = f"staff:{alarm.acknowledged_by}" if alarm.acknowledged_by else notifications.STAFF_ALL
    _notify(session, alarm, recipient, "crisis_repeated", f"crisis:{alarm.id}:event:{event.id}", now)


def _notify(session: Session, alarm: Any, recipient: str, kind: str, key: str, now: datetime) -> None:
    payload: Mapping[str, Any] = {
        "alarm_id": alarm.id,
        "number": alarm.number,
        "level": alarm.level,
        "session_id": alarm.session_id,
        "third_person": alarm.third_person,
        "step": alarm.step,
    }
    notifications.enqueue(session, recipient=recipient, kind=kind, payload=payload, key=key, now=now)


def _task_for_minor(session: Session, alarm: Any, now: datetime) -> None:
    """Residents' committees must report harm to minors (未成年人保护法, 第十一条): somebody sees to it today."""
    staff_tasks.add(
        session,
        key=f"crisis:{alarm.id}:minor",
        kind="minor_at_risk",
        subject=alarm.number,
        due_at=service_levels.crisis_escalates_at(alarm.level, now),
        now=now,
    )


def _plan_follow_ups(session: Session, alarm: Any, now: datetime) -> None:
    for number, due_at in enumerate(service_levels.crisis_follow_ups(now), start=1):
        staff_tasks.add(
            session,
            key=f"crisis:{alarm.id}:follow_up:{number}",
            kind="crisis_follow_up",
            subject=alarm.number,
            due_at=due_at,
            staff_id=alarm.acknowledged_by,
            now=now,
        )


def _record(session: Session, alarm: Any, kind: str, now: datetime, **details: Any) -> Any:
    details["reasons"] = list(details.get("reasons", ()))
    event = CrisisEvent(**fit(CrisisEvent, {"alarm_id": alarm.id, "at": now, "kind": kind, **details}))
    session.add(event)
    session.flush()
    return event


def _open_row(session: Session, sender_id: str, *, lock: bool) -> Any:
    query = select(CrisisAlarm).where(CrisisAlarm.sender_id == sender_id, CrisisAlarm.closed_at.is_(None))
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return session.scalars(query).one_or_none()


def _locked(session: Session, alarm_id: int) -> Any:
    alarm = session.get(CrisisAlarm, alarm_id, with_for_update=True)
    if alarm is None:
        raise NotFound("alarm", alarm_id)
    return alarm


def _view(alarm: Any) -> Alarm:
    return Alarm(**{name: getattr(alarm, name) for name in Alarm.__dataclass_fields__})
