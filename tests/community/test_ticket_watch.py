from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.community import notifications, ticket_watch, tickets
from tests.community.factories import a_draft, a_resident, a_staff

HOUR = timedelta(hours=1)


def warned(session: Session, now: datetime) -> list[str]:
    return [view.number for view in ticket_watch.warn_due(session, now=now)]


def late(session: Session, now: datetime) -> list[str]:
    return [view.number for view in ticket_watch.escalate_due(session, now=now)]


def test_nobody_accepted_it_in_time(session: Session, now: datetime) -> None:
    number = tickets.open_ticket(session, a_draft(), key="k", now=now).number  # respond within 1 h, resolve within 24
    assert warned(session, now + HOUR - timedelta(seconds=1)) == []
    assert warned(session, now + HOUR) == [number]
    assert warned(session, now + 2 * HOUR) == []
    assert late(session, now + 24 * HOUR) == [number]
    assert late(session, now + 25 * HOUR) == []
    assert [event.kind for event in tickets.events(session, number)] == ["opened", "warned", "escalated"]


def test_time_to_resolve_runs_out(session: Session, now: datetime) -> None:
    handler = a_staff(session, now)
    number = tickets.open_ticket(session, a_draft(), key="k", now=now).number
    tickets.assign(session, number, assignee="王芳", staff_id=handler, actor="system", now=now)
    tickets.change_status(session, number, "accepted", actor="staff:1", now=now)
    assert warned(session, now + 17 * HOUR) == []
    assert warned(session, now + 18 * HOUR) == [number]
    late(session, now + 24 * HOUR)
    told = [(found.kind, found.recipient) for found in notifications.for_staff(session, handler)]
    assert told[:3] == [
        ("ticket_late", notifications.STAFF_ALL),
        ("ticket_late", f"staff:{handler}"),
        ("ticket_warned", f"staff:{handler}"),
    ]


def test_finished_is_never_late_and_reopened_counts_anew(session: Session, now: datetime) -> None:
    owner = a_resident(session, now)
    number = tickets.open_ticket(session, a_draft(), key="k", now=now).number
    for status in ("accepted", "dispatched", "in_progress", "resolved"):
        tickets.change_status(session, number, status, actor="staff:1", now=now)
    assert warned(session, now + 99 * HOUR) == late(session, now + 99 * HOUR) == []
    tickets.reopen(session, number, resident_id=owner, now=now + 99 * HOUR)
    assert late(session, now + 122 * HOUR) == []
    assert late(session, now + 123 * HOUR) == [number]
