from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot import settings
from bot.commands import keys, users
from bot.community import api_keys, staff
from bot.community.clock import utcnow
from bot.community.database import Database

runner = CliRunner()


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """The installation that the commands find in the settings."""
    url = f"sqlite:///{tmp_path / 'community.db'}"
    monkeypatch.setattr(settings, "load", lambda: settings.Settings(database_url=url))
    database = Database(url)
    yield database
    database.dispose()


def test_printed_password_logs_in(database: Database) -> None:
    result = runner.invoke(users.app, ["add", "wangfang", "--role", "operator", "--display-name", "王芳"])
    assert result.exit_code == 0, result.output
    user = database.call(staff.verify, "wangfang", result.stdout.strip(), address="::1", now=utcnow())
    assert (user.name, user.role, user.must_change) == ("王芳", "operator", True)


def test_password_from_standard_input_is_not_printed(database: Database) -> None:
    command = ["add", "wangfang", "--role", "admin", "--password-stdin"]
    result = runner.invoke(users.app, command, input="correct horse\n")
    assert (result.exit_code, result.stdout) == (0, "wangfang added\n")
    user = database.call(staff.verify, "wangfang", "correct horse", address="::1", now=utcnow())
    assert not user.must_change


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["add", "x", "--role", "boss"], "--role must be one of"),
        (["add", "a b", "--role", "admin"], "NAME must have"),
        (["add", "x", "--role", "admin", "--password-stdin"], "at least 8 characters"),
        (["reset", "nobody"], "no account nobody"),
        (["disable", "nobody"], "no account nobody"),
    ],
)
def test_mistake_is_one_sentence(database: Database, arguments: list[str], sentence: str) -> None:
    result = runner.invoke(users.app, arguments, input="\n")
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: ")
    assert sentence in result.stderr
    assert result.stdout == ""


def test_account_is_made_once_and_can_be_reset(database: Database) -> None:
    runner.invoke(users.app, ["add", "wangfang", "--role", "operator"])
    again = runner.invoke(users.app, ["add", "wangfang", "--role", "operator"])
    assert (again.exit_code, "users reset wangfang" in again.stderr) == (1, True)
    secret = runner.invoke(users.app, ["reset", "wangfang"]).stdout.strip()
    assert database.call(staff.verify, "wangfang", secret, address="::1", now=utcnow())
    runner.invoke(users.app, ["disable", "wangfang"])
    assert "disabled" in runner.invoke(users.app, ["list"]).stdout
    runner.invoke(users.app, ["enable", "wangfang"])
    assert runner.invoke(users.app, ["list"]).stdout == "wangfang\toperator\twangfang\n"


def test_key_is_printed_once_and_works_until_revoked(database: Database) -> None:
    result = runner.invoke(keys.app, ["add", "city-hotline", "--scope", "open311"])
    key = result.stdout.strip()
    assert database.call_reading(api_keys.check, key, "open311").name == "city-hotline"
    assert key.split("_")[2] not in runner.invoke(keys.app, ["list"]).stdout
    assert runner.invoke(keys.app, ["add", "city-hotline", "--scope", "open311"]).exit_code == 1
    assert runner.invoke(keys.app, ["revoke", "city-hotline"]).exit_code == 0
    assert database.call_reading(api_keys.check, key, "open311") is None


def test_key_mistakes_are_one_sentence(database: Database) -> None:
    result = runner.invoke(keys.app, ["add", "x", "--scope", "all"])
    assert (result.exit_code, "--scope must be one of" in result.stderr) == (1, True)
    assert runner.invoke(keys.app, ["revoke", "nobody"]).exit_code == 1
