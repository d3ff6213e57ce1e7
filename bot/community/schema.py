"""The tables' versions: alembic, called from code, safe when several processes start at once."""

from __future__ import annotations

from collections.abc import Callable

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.engine import Connection, Engine

from bot.community.paths import MIGRATIONS

LOCK = 7_305_119  # any number, the same in every process


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the tables to that revision; all of it in one transaction, one process at a time."""
    _migrate(engine, lambda config: command.upgrade(config, revision))


def downgrade(engine: Engine, revision: str) -> None:
    """Back to that revision ("base": no tables at all)."""
    _migrate(engine, lambda config: command.downgrade(config, revision))


def is_current(engine: Engine) -> bool:
    """Whether the tables are at the newest revision."""
    with engine.connect() as connection:
        there = MigrationContext.configure(connection).get_current_revision()
    return there == ScriptDirectory.from_config(configuration()).get_current_head()


def configuration(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def _migrate(engine: Engine, work: Callable[[Config], None]) -> None:
    with engine.begin() as connection:
        # SQLite's transaction is exclusive already (engines.py begins it as a writer).
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        work(configuration(connection))
