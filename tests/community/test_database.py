from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from bot.community import versions
from bot.community.database import Database
from bot.community.models.catalogue import Provider
from bot.community.models.places import ContentVersion


def add(session: Session, id: str) -> None:
    session.add(Provider(id=id, name="甲"))


def count(session: Session) -> int:
    return len(session.scalars(select(Provider.id)).all())


def test_failed_transaction_leaves_nothing(database: Database) -> None:
    def fail(session: Session) -> None:
        add(session, "a")
        session.flush()
        raise RuntimeError

    with pytest.raises(RuntimeError):
        database.call(fail)
    assert database.call_reading(count) == 0


def test_reader_cannot_write(database: Database) -> None:
    with pytest.raises(DBAPIError):
        database.call_reading(add, "a")


def test_writer_after_reader_can_write(database: Database) -> None:
    assert database.call_reading(count) == 0
    database.call(add, "a")
    assert database.call_reading(count) == 1


async def test_async_calls_run_in_threads(database: Database) -> None:
    await asyncio.gather(*(database.run(add, f"p{n}") for n in range(20)))
    assert await database.read(count) == 20


def test_read_then_write_in_many_threads_loses_nothing(database: Database) -> None:
    """The classic upgrade deadlock of SQLite: everybody reads, then writes."""

    def increment(session: Session) -> None:
        row = session.get(ContentVersion, "n", with_for_update=True)
        session.execute(text("SELECT 1"))
        row.version = str(int(row.version) + 1)

    database.call(lambda session: session.add(ContentVersion(kind="n", version="0")))
    with ThreadPoolExecutor(16) as threads:
        list(threads.map(lambda _: database.call(increment), range(64)))
    assert database.call_reading(versions.current, "n") == "64"


def test_savepoint_keeps_what_came_before(database: Database) -> None:
    def add_and_undo(session: Session) -> None:
        add(session, "a")
        session.flush()
        savepoint = session.begin_nested()
        add(session, "b")
        session.flush()
        savepoint.rollback()

    database.call(add_and_undo)
    assert database.call_reading(count) == 1
