"""What must be in place before the product serves; each step is skipped when it was done before."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.engine.url import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from bot.commands.steps import Steps
from bot.community import catalogue_files, places, schema, staff
from bot.community.clock import utcnow
from bot.community.database import Database
from bot.problems import Problem
from bot.runtime import training
from bot.runtime.channel_settings import check as check_channels
from bot.runtime.listening import check_free
from bot.runtime.workers import check_workers
from bot.settings import ROOT, VAR, Settings

SAMPLE_CONTENT = ROOT / "data" / "catalogue"
LEAST_FREE_BYTES = 200 * 1024 * 1024
FIRST_LOGIN = "admin"


@dataclass(frozen=True)
class Account:
    """An account that was just made; the password is shown once and must be changed."""

    login: str
    password: str

    def announcement(self) -> str:
        """What is printed once."""
        return f"log in as {self.login} with the one-time password {self.password}"


def check(config: Settings, *, local_actions: bool) -> None:
    """What can be said before any work: settings, disk, ports. Raises Problem."""
    check_channels(config)
    check_workers(config)
    check_disk(VAR)
    check_free(config.bind_host, config.rasa_port, "RASA_PORT")
    check_free(config.bind_host, config.console_port, "CONSOLE_PORT")
    if local_actions:
        check_free(config.bind_host, config.actions_port, "ACTIONS_PORT")


def check_disk(directory: Path) -> None:
    """Raises Problem when the disk is nearly full or the directory can't be written."""
    with disk_problems(directory):
        directory.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(directory).free
    if free < LEAST_FREE_BYTES:
        raise Problem(f"only {free // 2**20} MB are free on the disk of {directory}: free at least 200 MB")


def prepare(config: Settings, steps: Steps) -> Account | None:
    """Database, content, model, first account; returns the account if it was made now. Raises Problem."""
    with disk_problems(VAR), opened(config) as database:
        if not schema.is_current(database.engine):
            steps.begin("preparing the database")
            database.upgrade()
        if not database.call_reading(places.communities):
            steps.begin("importing the sample community")
            import_sample(database)
        try:
            training.ensure_model(config.model_dir, steps.begin)
        except training.TrainingFailed as error:
            raise Problem(f"the model could not be trained: {error}") from error
        return first_account(database)


def import_sample(database: Database) -> None:
    """Fill an empty catalogue from data/catalogue. Raises Problem."""
    report = database.call(catalogue_files.import_files, [SAMPLE_CONTENT])
    if not report.ok:
        raise Problem(
            f"data/catalogue has {report.error_count} mistakes: `python -m bot catalogue check data/catalogue`"
        )


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


@contextmanager
def disk_problems(directory: Path) -> Iterator[None]:
    """A full disk, a directory without rights or a missing file becomes a Problem."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise Problem(f"the disk of {directory} is full: free at least 200 MB") from error
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise Problem(f"{error.filename or directory} can't be written: give this account the right to") from error
        raise Problem(f"{error.filename or directory} can't be used: {error.strerror or error}") from error


def _first_line(error: BaseException | None) -> str:
    return str(error).strip().partition("\n")[0]
