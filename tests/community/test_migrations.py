"""Migrations make the same tables as the models, on both databases, up and down, with rows in them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.engine import make_url

from bot.community import catalogue, schema
from bot.community.catalogue_files import import_files
from bot.community.database import Database
from bot.community.models import metadata
from tests.community.conftest import CONTENT


@pytest.fixture(params=["sqlite", "postgresql"])
def bare(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database without any table."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'bare.db'}"
    else:
        shared = make_url(request.getfixturevalue("empty_postgres_url"))
        url = shared.set(database=f"{shared.database}_bare").render_as_string(hide_password=False)
        _administer(shared, f"CREATE DATABASE {shared.database}_bare TEMPLATE template0")
    database = Database(url, synchronous="OFF")
    yield database
    database.dispose()
    if request.param == "postgresql":
        _administer(shared, f"DROP DATABASE {shared.database}_bare WITH (FORCE)")


@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection")  # the full-text index, left out anyway
def test_migrated_tables_equal_the_models(bare: Database) -> None:
    bare.upgrade()
    with bare.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": _is_ours})
        assert compare_metadata(context, metadata) == []
    assert schema.is_current(bare.engine)


def test_content_is_found_after_migration(bare: Database, now: datetime) -> None:
    bare.upgrade()
    bare.call(import_files, [CONTENT])
    found = bare.call_reading(catalogue.search, catalogue.ServiceQuery("老年食堂"), now=now)
    assert [match.service.id for match in found.matches] == ["canteen"]


def test_downgrade_leaves_nothing_behind(bare: Database) -> None:
    bare.upgrade()
    bare.call(import_files, [CONTENT])
    schema.downgrade(bare.engine, "base")
    assert set(inspect(bare.engine).get_table_names()) <= {"alembic_version"}
    bare.upgrade()
    assert "services" in inspect(bare.engine).get_table_names()


def test_upgrade_twice_changes_nothing(bare: Database) -> None:
    bare.upgrade()
    bare.upgrade()
    assert schema.is_current(bare.engine)


def _is_ours(item: object, name: str | None, kind: str, reflected: bool, compare_to: object) -> bool:
    return not (name and ("_fts" in name or name.endswith("_search")))


def _administer(url: object, statement: str) -> None:
    engine = create_engine(make_url(url), isolation_level="AUTOCOMMIT", future=True)  # type: ignore[arg-type]
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
