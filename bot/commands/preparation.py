"""What must be in place before the product serves; each step is skipped when it was done before."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy.engine.url import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from bot.commands.starting import disk_problems
from bot.commands.steps import Steps
from bot.community import contents, schema, staff
from bot.community.clock import utcnow
from bot.community.database import Database
from bot.problems import Problem
from bot.runtime import training
from bot.settings import ROOT, VAR, Settings

SAMPLE_CONTENT = ROOT / "data" / "catalogue"
FIRST_LOGIN = "admin"


@dataclass(frozen=True)
class Account:
    """An account that was just made; the password is shown once and must be changed."""

    login: str
    password: str

    def announcement(self) -> str:
        """What is printed once."""
        return f"log in as {self.login} with the one-time password {self.password}"


def prepare(config: Settings, steps: Steps) -> Account | None:
    """Database, content, model, first account; returns the account if it was made now. Raises Problem."""
    with disk_problems(VAR), opened(config) as database:
        if not schema.is_current(database.engine):
            steps.begin("preparing the database")
            database.upgrade()
        if database.call_reading(contents.is_empty):
            steps.begin("importing the sample community")
            import_sample(database)
        try:
            training.ensure_model(config.model_dir, steps.begin)
        except training.TrainingFailed as error:
            raise Problem(f"the model could not be trained: {error}") from error
        return first_account(database)


def import_sample(database: Database) -> None:
    """Fill an empty catalogue from data/catalogue. Raises Problem."""
    from bot.community import catalogue_files  # slow to import, and needed once

    report = database.call(catalogue_files.import_files, [SAMPLE_CONTENT])
    if not report.ok:
        count = report.error_count
        raise Problem(f"data/catalogue has {count} mistakes: `python -m bot catalogue check data/catalogue` shows them")


def first_account(database: Database) -> Account | None:
    """Make the first account, an admin's, when there is none at all."""
    if database.call_reading(staff.list_users):
        return None
    made = database.call(staff.add_user, FIRST_LOGIN, "admin", name="管理员", now=utcnow())
    return Account(made.staff.login, made.password or "")


@contextmanager
def opened(config: Settings) -> Iterator[Database]:
    """The database of the settings. Raises Problem when it can't be reached."""
    try:
        where = make_url(config.database_url)
        database = Database(config.database_url)
    except (ArgumentError, NoSuchModuleError) as error:
        raise Problem(f"DATABASE_URL is no address of a SQLite or PostgreSQL database: {error}") from error
    try:
        yield database
    except DBAPIError as error:
        raise Problem(f"the database {where!r} does not work: {_first_line(error.orig)}") from error
    finally:
        database.dispose()


def _first_line(error: BaseException | None) -> str:
    return str(error).strip().partition("\n")[0]
