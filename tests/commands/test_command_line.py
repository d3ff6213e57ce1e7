"""The command line itself: quick, complete, and one sentence when something must be put right."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec

import pytest

from bot.__main__ import COMMANDS, main
from bot.problems import EXIT_CODE, Problem
from bot.settings import ROOT


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_its_module(name: str) -> None:
    assert find_spec(f"bot.commands.{name}")


def test_help_names_every_command_and_loads_nothing_heavy() -> None:
    code = (
        "import sys; from bot.__main__ import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "heavy = {'rasa', 'sanic', 'sqlalchemy', 'numpy', 'aiohttp'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert all(f"  {name} " in done.stdout for name in COMMANDS)


def test_problem_is_one_sentence_and_a_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse() -> None:
        raise Problem("port 8080 is taken")

    monkeypatch.setattr("bot.commands.db.open_database", lambda explain: refuse())
    with pytest.raises(SystemExit) as ended:
        main(["db", "upgrade"])
    assert ended.value.code == EXIT_CODE
    assert capsys.readouterr().err == "Error: port 8080 is taken\n"


def test_misuse_ends_with_code_2(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["no-such-command"])
    assert ended.value.code == 2
    assert "no-such-command" in capsys.readouterr().err
