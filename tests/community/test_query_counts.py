"""A turn, a ticket and a list take as many statements at a thousand rows as at ten."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from bot.community import conversations, handoff, notifications, tickets
from tests.community.factories import a_draft

Work = Callable[[Session, datetime], object]


def log_a_turn(session: Session, now: datetime) -> None:
    said = [conversations.NewMessage("resident", "你好"), conversations.NewMessage("bot", "您好")]
    conversations.append(session, "web:1", said, now=now)


WORK: dict[str, Work] = {
    "turn": log_a_turn,
    "history": lambda session, now: conversations.history(session, "web:1"),
    "sessions": lambda session, now: conversations.list_sessions(session, limit=200),
    "queue": lambda session, now: handoff.waiting(session, limit=200),
    "queue place": lambda session, now: handoff.state_of(session, "web:1", now=now),
    "ticket list": lambda session, now: tickets.list_tickets(session, limit=200),
    "own tickets": lambda session, now: tickets.list_own(session, 1, limit=200),
    "outbox": lambda session, now: notifications.claim(session, "w", 1, now=now),
}


@pytest.mark.parametrize("work", WORK.values(), ids=WORK.keys())
def test_statements_do_not_grow_with_the_rows(session: Session, now: datetime, work: Work) -> None:
    fill(session, now, 3)
    few = counted(session, work, now)
    fill(session, now, 60)
    assert counted(session, work, now) == few <= 8


def fill(session: Session, now: datetime, rows: int) -> None:
    for number in range(rows):
        tickets.open_ticket(session, a_draft(sender_id=f"web:{number}", source="desk"), key=f"{rows}:{number}", now=now)
        conversations.append(session, f"web:{number}", [conversations.NewMessage("resident", "你好")], now=now)
        handoff.request(session, f"web:{number}", reason="wish", now=now)
    session.flush()
    session.expire_all()


def counted(session: Session, work: Work, now: datetime) -> int:
    with statements(session) as seen:
        work(session, now)
    session.expunge_all()
    return len(seen)


@contextmanager
def statements(session: Session) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)
