"""What the desk shows and does, each in one transaction of the core."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from bot.community import confidential, conversations, crisis, handoff, places, residents, staff, staff_tasks, tickets
from bot.community.conversations import SessionFilters, SessionView
from bot.community.crisis import Alarm, AlarmEvent
from bot.community.errors import InvalidValue, NotAllowed, NotFound
from bot.community.residents import ResidentView
from bot.community.staff_tasks import TaskView
from bot.community.staff_views import StaffView
from bot.community.tickets import TicketView
from bot.console import reading
from bot.console.access import DESK
from bot.console.reading import Thread

MOST = 50


@dataclass(frozen=True)
class Board:
    """The desk: open alarms, follow-ups, who waits, what is one's own.

    Names of the staff by id, last words by session, the session of a follow-up by its alarm's number.
    """

    alarms: list[Alarm]
    follow_ups: list[TaskView]
    follow_up_sessions: dict[str, int]
    waiting: list[SessionView]
    mine: list[SessionView]
    previews: dict[int, str]
    names: dict[int, str]


@dataclass(frozen=True)
class Conversation:
    """A conversation at the desk, with its alarm and what is known of the resident's open matters."""

    thread: Thread
    alarm: Alarm | None
    alarm_events: list[AlarmEvent]
    names: dict[int, str]
    colleagues: list[StaffView]
    resident: ResidentView | None
    compound: str
    tickets: list[TicketView]
    is_mine: bool
    reads_everything: bool


def board(session: Session, viewer: StaffView) -> Board:
    """Everything on the desk, in a fixed number of statements."""
    within = list(viewer.communities) or None
    waiting = handoff.waiting(session, limit=MOST, community_ids=within)
    held = conversations.list_sessions(session, SessionFilters(state="human", assigned_to=viewer.id), limit=MOST)
    shown = [*waiting, *held]
    follow_ups = staff_tasks.todo(session, staff_id=viewer.id, limit=MOST)
    return Board(
        alarms=crisis.open_alarms(session, limit=MOST),
        follow_ups=follow_ups,
        follow_up_sessions=crisis.sessions_of(session, [task.subject for task in follow_ups]),
        waiting=waiting,
        mine=held,
        previews=reading.previews(session, viewer, shown),
        names=_names(session),
    )


def conversation(session: Session, viewer: StaffView, session_id: int, *, after: int = 0) -> Conversation:
    """One conversation. Raises NotFound."""
    thread = reading.read(session, viewer, session_id, after=after)
    sender = thread.session.sender_id
    alarm = crisis.open_alarm(session, sender)
    everything = reading.reads_everything(viewer, thread.session)
    people = staff.list_users(session)
    known = residents.find(session, sender)
    return Conversation(
        thread=thread,
        alarm=alarm,
        alarm_events=crisis.events(session, alarm.id) if alarm and everything else [],
        names={each.id: each.name for each in people},
        colleagues=[each for each in people if _can_take(each) and each.id != viewer.id],
        resident=known,
        compound=_compound(session, known),
        tickets=tickets.list_own(session, known.id, open_only=True) if known else [],
        is_mine=thread.session.state == "human" and thread.session.assigned_to == viewer.id,
        reads_everything=everything,
    )


def take(session: Session, viewer: StaffView, session_id: int, *, now: datetime) -> SessionView:
    """Take the conversation, and answer for its open alarm if nobody has. Raises AlreadyTaken, NotAllowed, NotFound."""
    reading.open_session(session, viewer, session_id)
    taken = handoff.take(session, session_id, viewer.id, now=now)
    alarm = crisis.open_alarm(session, taken.sender_id)
    if alarm is not None and alarm.acknowledged_by is None:
        crisis.acknowledge(session, alarm.id, viewer.id, now=now)
    return taken


def transfer(session: Session, viewer: StaffView, session_id: int, to: int | None, *, now: datetime) -> None:
    """Pass one's conversation to a colleague who works at the desk. Raises InvalidValue, NotAllowed, NotFound."""
    reading.open_session(session, viewer, session_id)
    if to is None or not _can_take(staff.get(session, to)):
        raise InvalidValue("to", to, "not_a_colleague")
    handoff.transfer(session, session_id, viewer.id, to, now=now)


def own(session: Session, viewer: StaffView, session_id: int) -> SessionView:
    """The conversation that the viewer holds. Raises NotAllowed when they don't, NotFound."""
    found = reading.open_session(session, viewer, session_id)
    if found.state != "human" or found.assigned_to != viewer.id:
        raise NotAllowed("reply", "not_yours")
    return found


def closable(session: Session, viewer: StaffView, alarm_id: int) -> Alarm:
    """An open, answered alarm that the viewer may end: who answered for it, and the psychology roles."""
    found = next((alarm for alarm in crisis.open_alarms(session, limit=500) if alarm.id == alarm_id), None)
    if found is None:
        raise NotFound("alarm", alarm_id)
    if found.acknowledged_by is None:
        raise NotAllowed("close", "not_acknowledged")
    if found.acknowledged_by != viewer.id and viewer.role not in confidential.READING_ROLES:
        raise NotAllowed("close", "not_yours_to_close")
    return found


def follow_up_done(session: Session, viewer: StaffView, task_id: int, *, now: datetime) -> None:
    """The viewer has asked again how the resident is. Raises NotFound when the task is not theirs, or done."""
    if all(task.id != task_id for task in staff_tasks.todo(session, staff_id=viewer.id, limit=500)):
        raise NotFound("task", task_id)
    staff_tasks.done(session, task_id, viewer.id, now=now)


def name_of(session: Session, staff_id: object) -> str:
    """A colleague's name for a sentence."""
    return staff.get(session, staff_id).name if isinstance(staff_id, int) else "同事"


def _compound(session: Session, known: ResidentView | None) -> str:
    """The name of the compound that a resident told us; empty when it is not known."""
    if known is None or known.compound_id is None:
        return ""
    try:
        return places.locate(session, known.compound_id).compound.name
    except NotFound:  # it was taken out of the catalogue since
        return ""


def _can_take(person: StaffView) -> bool:
    return person.role in DESK and not person.disabled


def _names(session: Session) -> dict[int, str]:
    return {each.id: each.name for each in staff.list_users(session)}
