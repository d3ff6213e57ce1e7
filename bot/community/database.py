"""The database: an engine set up right, transactions, and a way to call the core from async code."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session

from bot.community.engines import create_engine, read_only
from bot.community.errors import DatabaseBusy
from bot.community.models import metadata

P = ParamSpec("P")
R = TypeVar("R")

ATTEMPTS = 5
RETRIED_SQLSTATES = {"40001", "40P01"}


class Database:
    """One installation's database.

    url: SQLAlchemy's, "sqlite:///var/community.db" or "postgresql+psycopg2://…". synchronous is SQLite's pragma:
    FULL loses nothing on power failure, NORMAL may lose the last transactions, OFF is for tests.
    threads bounds how many calls of run() and read() work at once; the pool holds a connection for each.
    """

    def __init__(self, url: str, *, synchronous: str = "FULL", threads: int = 8, echo: bool = False) -> None:
        self.url = url
        self.engine: Engine = create_engine(url, pool_size=threads, synchronous=synchronous, echo=echo)
        self._reader: Engine = read_only(self.engine)
        self._threads = ThreadPoolExecutor(max_workers=threads, thread_name_prefix="database")

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A session whose work is committed at the end, or rolled back on any exception."""
        with Session(self.engine, future=True) as session, session.begin():
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that sees one state of the database and can't write."""
        with Session(self._reader, future=True) as session, session.begin():
            yield session

    def call(self, function: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """function(session, …) in one transaction, again when it collided with another one.

        function may run several times, so it must have no effect outside the database. Raises DatabaseBusy.
        """
        return self._attempt(self.transaction, function, *args, **kwargs)

    def call_reading(self, function: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """As call(), in a transaction that can't write and never waits for a writer of SQLite."""
        return self._attempt(self.reading, function, *args, **kwargs)

    async def run(self, function: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """call() in a thread, for async callers."""
        return await self._in_thread(partial(self.call, function, *args, **kwargs))

    async def read(self, function: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """call_reading() in a thread, for async callers."""
        return await self._in_thread(partial(self.call_reading, function, *args, **kwargs))

    def create_all(self) -> None:
        """All tables straight from the models; for tests. Installations use upgrade()."""
        metadata.create_all(self.engine)

    def upgrade(self, revision: str = "head") -> None:
        """Bring the tables to that revision of bot/migrations; several processes may call it at once."""
        from bot.community.schema import upgrade  # alembic is slow to import and only needed here

        upgrade(self.engine, revision)

    def dispose(self) -> None:
        """Finish running calls and close every connection."""
        self._threads.shutdown(wait=True)
        self.engine.dispose()

    async def _in_thread(self, work: Callable[[], R]) -> R:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    def _attempt(self, opening: Any, function: Callable[..., R], *args: Any, **kwargs: Any) -> R:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                with opening() as session:
                    return function(session, *args, **kwargs)
            except DBAPIError as error:
                if not _is_collision(error):
                    raise
                if attempt == ATTEMPTS:
                    raise DatabaseBusy(ATTEMPTS) from error
            time.sleep(random.uniform(0.5, 1.5) * 0.02 * 2**attempt)  # noqa: S311 (jitter)
        raise AssertionError("unreachable")


def _is_collision(error: DBAPIError) -> bool:
    """Whether the same transaction may succeed when it is simply tried again."""
    if getattr(error.orig, "pgcode", None) in RETRIED_SQLSTATES:
        return True
    return isinstance(error, OperationalError) and "database is locked" in str(error.orig)
