"""A database of each kind for every test; PostgreSQL's where a server is reachable."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from bot.community.catalogue_files import import_files
from bot.community.clock import LOCAL
from bot.community.database import Database
from bot.community.models import metadata

POSTGRES_URL = os.environ.get("TEST_POSTGRES_URL", "postgresql+psycopg2://postgres@127.0.0.1:5432/test")
CONTENT = Path(__file__).parent / "content"


@pytest.fixture
def now() -> datetime:
    """A Monday morning in working hours, 10:00 in Shanghai."""
    return datetime(2026, 11, 23, 10, 0, tzinfo=LOCAL)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with all tables, copied for each test because copying is faster than creating."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    template = Database(f"sqlite:///{path}", synchronous="OFF")
    template.create_all()
    template.dispose()
    return path


@pytest.fixture(scope="session")
def empty_postgres_url() -> Iterator[str]:
    """The URL of an empty PostgreSQL database of this run alone."""
    server = create_engine(POSTGRES_URL, isolation_level="AUTOCOMMIT", future=True)
    name = f"community_{uuid.uuid4().hex[:12]}"
    try:
        with server.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name} TEMPLATE template0"))
    except OperationalError as error:
        pytest.skip(f"no PostgreSQL at {POSTGRES_URL}: {error.orig}")
    yield make_url(POSTGRES_URL).set(database=name).render_as_string(hide_password=False)
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()


@pytest.fixture(scope="session")
def postgres_database(empty_postgres_url: str) -> Iterator[Database]:
    database = Database(empty_postgres_url)
    database.create_all()
    yield database
    database.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database with all tables and no rows; what a test commits is gone afterwards."""
    if request.param == "sqlite":
        yield from _sqlite_copy(request.getfixturevalue("sqlite_template"), tmp_path / "community.db")
    else:
        shared: Database = request.getfixturevalue("postgres_database")
        yield shared
        _empty(shared)


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """A session inside a transaction that is rolled back after the test."""
    with Session(database.engine, future=True) as session:
        yield session
        session.rollback()


def _sqlite_copy(template: Path, path: Path) -> Iterator[Database]:
    shutil.copy(template, path)
    database = Database(f"sqlite:///{path}", synchronous="OFF")
    yield database
    database.dispose()


def _empty(database: Database) -> None:
    names = ", ".join(table.name for table in metadata.sorted_tables)
    with database.transaction() as session:
        filled = [table for table in metadata.sorted_tables if session.execute(table.select().limit(1)).first()]
        if filled:
            session.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))


@pytest.fixture
def content(session: Session) -> Session:
    """A session that sees the small catalogue in content/."""
    assert import_files(session, [CONTENT]).errors == []
    return session
