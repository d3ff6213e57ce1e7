"""Engines for SQLite and PostgreSQL with what each needs to be safe under several threads and processes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlalchemy
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine, make_url
from sqlalchemy.pool import QueuePool

BUSY_TIMEOUT_MS = 15_000
READ_ONLY = "community_read_only"


def create_engine(url: str, *, pool_size: int, synchronous: str = "FULL", echo: bool = False) -> Engine:
    """An engine in 2.0 style for that URL; makes the folder of an SQLite file."""
    if make_url(url).get_backend_name() == "sqlite":
        return _sqlite(url, pool_size, synchronous, echo)
    return sqlalchemy.create_engine(url, future=True, echo=echo, pool_size=pool_size, pool_pre_ping=True)


def read_only(engine: Engine) -> Engine:
    """The same pool, with transactions that can't write."""
    return engine.execution_options(**{READ_ONLY: True, "postgresql_readonly": True})


def _sqlite(url: str, pool_size: int, synchronous: str, echo: bool) -> Engine:
    file = make_url(url).database
    in_memory = not file or file == ":memory:"
    if file and not in_memory:
        Path(file).parent.mkdir(parents=True, exist_ok=True)
    # A database in memory belongs to its connection: there is one, and threads take turns.
    engine = sqlalchemy.create_engine(
        url,
        future=True,
        echo=echo,
        poolclass=QueuePool,
        pool_size=1 if in_memory else pool_size,
        max_overflow=0 if in_memory else 10,
        connect_args={"check_same_thread": False, "timeout": BUSY_TIMEOUT_MS / 1000},
    )
    event.listen(engine, "connect", lambda connection, _: _prepare_sqlite(connection, synchronous))
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, synchronous: str) -> None:
    # Python's own transaction handling begins late and breaks savepoints; _begin_sqlite does it instead.
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        f"synchronous={synchronous}",
        "temp_store=MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    # A reader that becomes a writer can't wait for the lock without a deadlock, so writers take it at once.
    reading = connection.get_execution_options().get(READ_ONLY, False)
    connection.exec_driver_sql(f"PRAGMA query_only={int(reading)}")
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
