"""A page takes as many statements with many rows as with few."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from bot.community.database import Database
from tests.console import seeds

PAGES = ("/desk", "/desk/1", "/conversations", "/conversations/1", "/tickets", "/catalogue/services", "/news")
MOST = 20


def fill(database: Database, first: int, last: int) -> None:
    for number in range(first, last):
        sender = f"web:{number}"
        seeds.talk(database, sender, "你好", "路灯不亮", ago=timedelta(minutes=number))
        seeds.wait(database, sender)
        seeds.ticket(database, sender)
        seeds.referral(database, sender)
        seeds.log_in_token(database, f"user{number}", "operator")


@contextmanager
def counted() -> Iterator[list[str]]:
    seen: list[str] = []

    def note(connection, cursor, statement, parameters, context, many):
        if statement.lstrip().upper().startswith(("SELECT", "WITH", "INSERT", "UPDATE", "DELETE")):
            seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)


@pytest.mark.parametrize(("role", "pages"), [("operator", PAGES), ("admin", (*PAGES, "/users", "/referrals"))])
async def test_statements_do_not_grow_with_the_rows(logged_in, database, role, pages):
    visitor = await logged_in(role)
    fill(database, 0, 2)
    few = {path: await _statements(visitor, path) for path in pages}
    fill(database, 2, 40)
    assert {path: await _statements(visitor, path) for path in pages} == few
    assert max(few.values()) <= MOST


async def _statements(visitor, path: str) -> int:
    with counted() as seen:
        assert (await visitor.get(path)).status == 200
    return len(seen)
