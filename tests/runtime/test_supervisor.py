"""Processes are kept running, ended together, and never left behind."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.problems import EXIT_CODE
from bot.settings import ROOT
from tests.runtime.processes import alive, end, wait_until

FOR_EVER = "time.sleep(600)"
STUBBORN = "signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(600)"

Start = Callable[..., "Supervised"]


class Supervised:
    """A running supervisor and what it has said so far."""

    def __init__(self, log: Path, **scripts: str) -> None:
        arguments = [f"{name}={code}" for name, code in scripts.items()]
        self._output = log
        with log.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.runtime.supervised", *arguments],
                cwd=ROOT,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    @property
    def said(self) -> str:
        return self._output.read_text(errors="replace")

    def pids(self, name: str) -> list[int]:
        """Process ids of all starts of that name, the oldest first."""
        return [int(pid) for pid in re.findall(rf"^{name} *\| pid (\d+)", self.said, re.MULTILINE)]

    def wait_for(self, name: str, starts: int = 1) -> int:
        assert wait_until(lambda: len(self.pids(name)) >= starts), self.said
        return self.pids(name)[-1]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    started: list[Supervised] = []

    def begin(**scripts: str) -> Supervised:
        started.append(Supervised(tmp_path / f"{len(started)}.log", **scripts))
        return started[-1]

    yield begin
    for each in started:
        end(each.process)


def test_crashed_process_is_started_again_and_the_log_says_so(start: Start) -> None:
    supervised = start(rasa=FOR_EVER, console=FOR_EVER)
    first, other = supervised.wait_for("rasa"), supervised.wait_for("console")
    os.kill(first, signal.SIGKILL)
    second = supervised.wait_for("rasa", starts=2)
    assert second != first
    assert alive(second)
    assert "was killed by SIGKILL; starting it again in 0.1 s" in supervised.said
    assert supervised.pids("console") == [other]


def test_process_that_keeps_crashing_is_started_less_often(start: Start) -> None:
    supervised = start(rasa="sys.exit(3)")
    supervised.wait_for("rasa", starts=3)
    assert re.findall(r"ended with code 3; starting it again in ([\d.]+) s", supervised.said)[:2] == ["0.1", "0.2"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signal_ends_all_within_seconds(start: Start, number: signal.Signals) -> None:
    supervised = start(rasa=FOR_EVER, console=FOR_EVER)
    pids = [supervised.wait_for("rasa"), supervised.wait_for("console")]
    began = time.monotonic()
    supervised.process.send_signal(number)
    assert supervised.process.wait(timeout=10) == 0
    assert time.monotonic() - began < 5
    assert not any(map(alive, pids))


def test_process_deaf_to_signals_is_killed_on_the_second_ctrl_c(start: Start) -> None:
    supervised = start(rasa=STUBBORN)
    pid = supervised.wait_for("rasa")
    assert wait_until(lambda: "deaf" in supervised.said)
    supervised.process.send_signal(signal.SIGINT)
    time.sleep(0.3)
    supervised.process.send_signal(signal.SIGINT)
    supervised.process.wait(timeout=5)
    assert not alive(pid)


def test_supervisor_killed_outright_leaves_no_orphan(start: Start) -> None:
    supervised = start(rasa=FOR_EVER, console=STUBBORN)
    pids = [supervised.wait_for("rasa"), supervised.wait_for("console")]
    supervised.process.kill()
    supervised.process.wait()
    assert wait_until(lambda: not any(map(alive, pids)))


def test_process_that_a_person_must_put_right_ends_everything(start: Start) -> None:
    supervised = start(rasa=f"print('Error: set WECHAT_TOKEN'); sys.exit({EXIT_CODE})", console=FOR_EVER)
    assert supervised.process.wait(timeout=15) == EXIT_CODE
    assert "rasa    | Error: set WECHAT_TOKEN" in supervised.said
    assert not any(map(alive, supervised.pids("console")))


def test_lines_of_any_length_and_bytes_are_shown(start: Start) -> None:
    supervised = start(rasa="sys.stdout.buffer.write('长'.encode() * 90000 + b'\\xff\\n'); sys.stdout.flush()")
    assert wait_until(lambda: "ended with code 0" in supervised.said)
    assert supervised.said.count("长") >= 89_990
