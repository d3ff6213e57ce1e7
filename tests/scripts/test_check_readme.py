"""The check of the README's commands: runs what is marked, and fails when that fails."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import pytest

from bot.settings import ROOT

SCRIPT: dict[str, Any] = runpy.run_path(str(ROOT / "scripts" / "check_readme.py"))
SERVER = "python -c \"import time; print('Ctrl-C stops everything', flush=True); time.sleep(60)\""


def readme(folder: Path, *parts: str) -> Path:
    path = folder / "README.md"
    path.write_text("\n\n".join(parts), encoding="utf-8")
    return path


def block(commands: str, mark: str = "<!-- check -->") -> str:
    return f"{mark}\n```sh\n{commands}\n```"


def test_marked_commands_run_and_others_do_not(tmp_path: Path) -> None:
    text = readme(tmp_path, block(f"echo one > {tmp_path}/one"), block(f"echo two > {tmp_path}/two", "text"))
    assert SCRIPT["main"](text) == 0
    assert (tmp_path / "one").exists()
    assert not (tmp_path / "two").exists()


def test_failing_command_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert SCRIPT["main"](readme(tmp_path, block("python -c 'raise SystemExit(3)'\necho never"))) == 1
    assert "ended with code 3: python -c" in capsys.readouterr().err


@pytest.mark.parametrize("commands", ["rm -rf x", "echo a\ngit clone x", "A=1 rm x"])
def test_unsafe_command_is_refused_and_nothing_runs(
    commands: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = readme(tmp_path, block(f"echo one > {tmp_path}/one"), block(commands))
    assert SCRIPT["main"](text) == 1
    assert "may run unattended" in capsys.readouterr().err
    assert not (tmp_path / "one").exists()


def test_server_runs_while_its_companions_do_and_is_ended(tmp_path: Path) -> None:
    text = readme(
        tmp_path,
        block(SERVER, "<!-- check: serves -->"),
        block(f"echo $RASA_PORT > {tmp_path}/port", "<!-- check: while serving -->"),
    )
    assert SCRIPT["main"](text) == 0
    assert int((tmp_path / "port").read_text()) > 1023


def test_server_that_does_not_get_ready_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert SCRIPT["main"](readme(tmp_path, block("echo something else", "<!-- check: serves -->"))) == 1
    assert "did not get ready: something else" in capsys.readouterr().err


def test_readme_without_marked_commands_fails(tmp_path: Path) -> None:
    assert SCRIPT["main"](readme(tmp_path, "nothing to run")) == 1
