"""Many threads at once, against a file and a server: constraints decide, nothing is lost, nothing is made twice."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import TypeVar

from sqlalchemy import func, select

from bot.community import conversations, crisis, residents, tickets
from bot.community.database import Database
from bot.community.errors import InvalidTransition
from bot.community.models.conversations import ConversationSession
from bot.community.models.crisis import CrisisAlarm
from bot.community.models.residents import Resident
from bot.community.models.tickets import Ticket, TicketEvent
from tests.community.factories import a_draft

THREADS = 64
R = TypeVar("R")


def at_once(work: Callable[[int], R], times: int = THREADS) -> list[R]:
    with ThreadPoolExecutor(max_workers=times) as pool:
        return list(pool.map(work, range(times)))


def count(database: Database, model: object) -> int:
    with database.transaction() as session:
        return session.scalar(select(func.count()).select_from(model))


def test_numbers_are_distinct_and_none_is_lost(database: Database, now: datetime) -> None:
    def open_one(number: int) -> str:
        draft = a_draft(sender_id=f"web:{number}")
        return database.call(tickets.open_ticket, draft, key=f"web:{number}:m1", now=now).number

    numbers = at_once(open_one)
    assert sorted(numbers) == [f"WY20261123-{sequence:04d}" for sequence in range(1, THREADS + 1)]
    assert count(database, Ticket) == count(database, TicketEvent) == THREADS


def test_same_key_opens_one_ticket(database: Database, now: datetime) -> None:
    numbers = at_once(lambda _: database.call(tickets.open_ticket, a_draft(), key="web:r1:m1", now=now).number)
    assert len(set(numbers)) == 1
    assert count(database, Ticket) == count(database, TicketEvent) == 1
    assert count(database, Resident) == 1


def test_one_resident_session_and_alarm_per_sender(database: Database, now: datetime) -> None:
    def cry_for_help(_: int) -> str:
        database.call(residents.resolve, "web:r1", now=now)
        return database.call(
            crisis.raise_alarm, "web:r1", level="crisis", text="…", reasons=["guard"], third_person=False, now=now
        ).number

    assert len(set(at_once(cry_for_help, 16))) == 1
    assert [count(database, model) for model in (Resident, ConversationSession, CrisisAlarm)] == [1, 1, 1]


def test_one_receiver_of_a_resent_message(database: Database, now: datetime) -> None:
    receipts = at_once(lambda _: database.call(conversations.receive, "web:r1", "m1", "你好", now=now), 32)
    assert sum(receipt.new for receipt in receipts) == 1


def test_one_moves_the_ticket_on(database: Database, now: datetime) -> None:
    number = database.call(tickets.open_ticket, a_draft(), key="k", now=now).number

    def accept(staff_id: int) -> bool:
        try:
            database.call(tickets.change_status, number, "accepted", actor=f"staff:{staff_id}", now=now)
        except InvalidTransition:
            return False
        return True

    assert sum(at_once(accept, 16)) == 1
