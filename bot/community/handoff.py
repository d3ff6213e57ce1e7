"""Hand-over of a conversation to a human and back. Every change is an event."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from bot.community import conversations, notifications, service_levels
from bot.community.conversations import BOT, HUMAN, WAITING, SessionView
from bot.community.errors import AlreadyTaken, InvalidValue, NotAllowed
from bot.community.models.conversations import ConversationSession, HandoffEvent
from bot.community.models.crisis import CrisisAlarm
from bot.community.models.staff import Staff

PRIORITIES = {"crisis": 2, "emergency": 2, "anger": 1, "bot_failure": 1, "wish": 0, "misunderstood": 0}
"""The reasons for a hand-over, and how far ahead of the others each goes."""


@dataclass(frozen=True)
class QueuePlace:
    """Where a conversation waits; position 0 means that a human has it already.

    in_hours: somebody is at the desk at this time of the week, so that the promise of a first word holds.
    """

    session_id: int
    position: int
    expected_wait_minutes: int
    in_hours: bool


@dataclass(frozen=True)
class HandoffState:
    """Who answers a sender: bot, waiting or human; place while waiting, operator once taken."""

    state: str
    careful: bool = False
    place: QueuePlace | None = None
    operator_id: int | None = None
    operator_name: str | None = None


def request(session: Session, sender_id: str, *, reason: str, now: datetime) -> QueuePlace:
    """Put the conversation in the queue and tell the staff; asked again, it keeps its place.

    A more pressing reason moves it forward. Raises InvalidValue for a reason that is not in PRIORITIES.
    """
    if reason not in PRIORITIES:
        raise InvalidValue("reason", reason, "unknown_reason")
    conversation = conversations.open_session(session, sender_id, now=now)
    if conversation.state == BOT:
        _start_waiting(session, conversation, reason, now)
    elif PRIORITIES[reason] > conversation.priority:
        conversation.priority = PRIORITIES[reason]
        conversation.waiting_reason = reason
        _record(session, conversation, "raised", now, reason=reason)
        _tell_staff(session, conversation, reason, now)
    session.flush()
    return _place(session, conversation, now)


def waiting(session: Session, *, limit: int = 50, community_ids: Sequence[str] | None = None) -> list[SessionView]:
    """Conversations that wait for a human: crisis first, then the longest waiting."""
    query = select(ConversationSession).where(
        ConversationSession.state == WAITING, ConversationSession.ended_at.is_(None)
    )
    if community_ids is not None:
        # One that names no community is everybody's: nobody must wait because of an unknown address.
        known = ConversationSession.community_id
        query = query.where(or_(known.in_(list(community_ids)), known.is_(None)))
    order = (ConversationSession.priority.desc(), ConversationSession.waiting_since, ConversationSession.id)
    return [conversations.view(row) for row in session.scalars(query.order_by(*order).limit(limit))]


def take(session: Session, session_id: int, operator_id: int, *, now: datetime) -> SessionView:
    """Give the conversation to an operator, from the queue or straight from the bot.

    Taking one's own again changes nothing. Raises AlreadyTaken (by: the operator's id), NotFound, NotAllowed.
    """
    conversation = conversations.get_row(session, session_id)
    if conversation.state == HUMAN:
        if conversation.assigned_to == operator_id:
            return conversations.view(conversation)
        raise AlreadyTaken(session_id, conversation.assigned_to)
    if conversation.ended_at is not None:
        raise NotAllowed("take", "ended")
    _assign(conversation, operator_id)
    _record(session, conversation, "taken", now, staff_id=operator_id)
    session.flush()
    return conversations.view(conversation)


def give_back(session: Session, session_id: int, operator_id: int, *, now: datetime) -> SessionView:
    """Return the conversation to the bot. Ends the careful mode unless an alarm about the sender is still open.

    Raises NotAllowed when it is not this operator's.
    """
    conversation = _own(session, session_id, operator_id, "give_back")
    conversation.state = BOT
    conversation.assigned_to = None
    conversation.careful = _has_open_alarm(session, conversation.sender_id)
    _stop_waiting(conversation)
    _record(session, conversation, "given_back", now, staff_id=operator_id)
    session.flush()
    return conversations.view(conversation)


def transfer(session: Session, session_id: int, operator_id: int, to_operator_id: int, *, now: datetime) -> SessionView:
    """Pass the conversation to a colleague, who is told. Raises NotAllowed when it is not this operator's."""
    conversation = _own(session, session_id, operator_id, "transfer")
    _assign(conversation, to_operator_id)
    event = _record(session, conversation, "transferred", now, staff_id=operator_id, to_staff_id=to_operator_id)
    notifications.enqueue(
        session,
        recipient=f"staff:{to_operator_id}",
        kind="conversation_transferred",
        payload={"session_id": conversation.id, "sender_id": conversation.sender_id},
        key=f"handoff:{event.id}",
        now=now,
    )
    return conversations.view(conversation)


def withdraw(session: Session, sender_id: str, *, now: datetime) -> bool:
    """The resident no longer waits, or a call-back was taken instead. A crisis stays in the queue (False)."""
    conversation = conversations.current(session, sender_id)
    if conversation is None or conversation.state != WAITING or conversation.priority >= PRIORITIES["crisis"]:
        return False
    conversation.state = BOT
    _stop_waiting(conversation)
    _record(session, conversation, "withdrawn", now)
    session.flush()
    return True


def state_of(session: Session, sender_id: str, *, now: datetime) -> HandoffState:
    """Who answers this sender right now."""
    conversation = conversations.current(session, sender_id, lock=False)
    if conversation is None:
        return HandoffState(BOT)
    operator = session.get(Staff, conversation.assigned_to) if conversation.assigned_to else None
    return HandoffState(
        state=conversation.state,
        careful=conversation.careful,
        place=_place(session, conversation, now) if conversation.state == WAITING else None,
        operator_id=operator.id if operator else None,
        operator_name=operator.name if operator else None,
    )


def _start_waiting(session: Session, conversation: Any, reason: str, now: datetime) -> None:
    conversation.state = WAITING
    conversation.waiting_since = now
    conversation.waiting_reason = reason
    conversation.priority = PRIORITIES[reason]
    _record(session, conversation, "requested", now, reason=reason)
    _tell_staff(session, conversation, reason, now)


def _tell_staff(session: Session, conversation: Any, reason: str, now: datetime) -> None:
    since = conversation.waiting_since or now
    notifications.enqueue(
        session,
        recipient=notifications.STAFF_ALL,
        kind="conversation_waiting",
        payload={"session_id": conversation.id, "reason": reason},
        key=f"handoff:{conversation.id}:{reason}:{since.timestamp():.6f}",
        now=now,
    )


def _stop_waiting(conversation: Any) -> None:
    conversation.waiting_since = None
    conversation.waiting_reason = None
    conversation.priority = 0


def _assign(conversation: Any, operator_id: int) -> None:
    conversation.state = HUMAN
    conversation.assigned_to = operator_id
    conversation.waiting_since = None


def _has_open_alarm(session: Session, sender_id: str) -> bool:
    query = select(CrisisAlarm.id).where(CrisisAlarm.sender_id == sender_id, CrisisAlarm.closed_at.is_(None))
    return session.execute(query).first() is not None


def _own(session: Session, session_id: int, operator_id: int, action: str) -> Any:
    conversation = conversations.get_row(session, session_id)
    if conversation.state != HUMAN or conversation.assigned_to != operator_id:
        raise NotAllowed(action, "not_yours")
    return conversation


def _place(session: Session, conversation: Any, now: datetime) -> QueuePlace:
    in_hours = service_levels.working_time().is_working(now)
    if conversation.state != WAITING:
        return QueuePlace(conversation.id, 0, 0, in_hours)
    position = 1 + session.execute(select(func.count()).where(*_ahead_of(conversation))).scalar_one()
    promise = service_levels.handoff()
    minutes = promise["promised_minutes"] + (position - 1) * promise["minutes_per_conversation"]
    return QueuePlace(conversation.id, position, minutes, in_hours)


def _ahead_of(conversation: Any) -> list[Any]:
    table, since = ConversationSession, ConversationSession.waiting_since
    return [
        table.state == WAITING,
        table.ended_at.is_(None),
        or_(
            table.priority > conversation.priority,
            and_(
                table.priority == conversation.priority,
                or_(
                    since < conversation.waiting_since,
                    and_(since == conversation.waiting_since, table.id < conversation.id),
                ),
            ),
        ),
    ]


def _record(session: Session, conversation: Any, kind: str, now: datetime, **details: Any) -> Any:
    event = HandoffEvent(session_id=conversation.id, at=now, kind=kind, **details)
    session.add(event)
    session.flush()
    return event
