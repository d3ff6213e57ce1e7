from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot import settings
from bot.commands.catalogue import app
from tests.community.conftest import CONTENT

runner = CliRunner()


@pytest.fixture(autouse=True)
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An installation with a database of its own."""
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'community.db'}")
    monkeypatch.setenv("BOT_API_TOKEN", "token")
    monkeypatch.setenv("SECRET_KEY", "key")
    settings.load.cache_clear()
    yield
    settings.load.cache_clear()


def test_import_tells_what_it_wrote() -> None:
    result = runner.invoke(app, ["import", str(CONTENT)])
    assert (result.exit_code, "服务\t4" in result.stdout, "已写入" in result.stdout) == (0, True, True)


def test_problems_are_listed_and_end_with_code_1(tmp_path: Path) -> None:
    file = tmp_path / "providers.csv"
    file.write_text("id,name,phone\na,甲,13O12345678\n", encoding="utf-8")
    result = runner.invoke(app, ["import", str(file)])
    assert result.exit_code == 1
    assert "providers.csv 第 2 行「phone」：13O12345678 不是电话号码，第 3 位是字母 O" in result.stdout
    assert "什么都没有写入" in result.stdout


def test_check_writes_nothing(tmp_path: Path) -> None:
    assert runner.invoke(app, ["check", str(CONTENT)]).exit_code == 0
    assert "服务\t0" in runner.invoke(app, ["export", str(tmp_path / "out")]).stdout


def test_export_of_one_kind(tmp_path: Path) -> None:
    runner.invoke(app, ["import", str(CONTENT)])
    result = runner.invoke(app, ["export", str(tmp_path / "out"), "--kind", "services"])
    assert result.exit_code == 0
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["services.csv"]


def test_unknown_kind_is_a_misuse(tmp_path: Path) -> None:
    assert runner.invoke(app, ["export", str(tmp_path / "out"), "--kind", "ships"]).exit_code == 2


def test_missing_file_is_a_misuse(tmp_path: Path) -> None:
    assert runner.invoke(app, ["import", str(tmp_path / "none.csv")]).exit_code == 2
