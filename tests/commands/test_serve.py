"""`python -m bot serve` and what it says before it serves."""

from __future__ import annotations

import json
import os
import re
import resource
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.problems import EXIT_CODE
from bot.settings import ROOT
from tests import trained_model
from tests.free_ports import free_port
from tests.runtime.processes import alive, children, end, wait_until

READY = "Ctrl-C stops everything"
TOKEN = "token of the tests"


class Office:
    """An installation of its own in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ports = {name: free_port() for name in ("RASA_PORT", "CONSOLE_PORT", "ACTIONS_PORT")}
        self.started: list[subprocess.Popen[bytes]] = []

    def environment(self, **more: str) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        return {
            **kept,
            **{name: str(port) for name, port in self.ports.items()},
            "LANG": "C.UTF-8",
            "PYTHONPATH": str(ROOT),
            "DATABASE_URL": f"sqlite:///{self.folder / 'office.db'}",
            "MEDIA_DIR": str(self.folder / "media"),
            "MODEL_DIR": str(self.folder / "models"),
            "BOT_API_TOKEN": TOKEN,
            "SECRET_KEY": "key of the tests",
            **more,
        }

    def refused(self, **more: str) -> str:
        """What `serve` says on stderr when it does not start."""
        done = subprocess.run(
            [sys.executable, "-m", "bot", "serve"],
            cwd=ROOT,
            env=self.environment(**more),
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.returncode == EXIT_CODE, done.stderr
        assert "Traceback" not in done.stderr
        return done.stderr

    def serve(self, **more: str) -> Path:
        """Start it; returns the file that holds what it says."""
        said = self.folder / f"serve-{len(self.started)}.log"
        with said.open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "bot", "serve"], cwd=ROOT, env=self.environment(**more), stdout=log, stderr=log
            )
        self.started.append(process)
        assert wait_until(lambda: READY in said.read_text() or process.poll() is not None, 90), said.read_text()
        assert process.poll() is None, said.read_text()
        return said

    def stop(self) -> float:
        """Ctrl-C; returns the seconds until all had ended."""
        running = children(self.started[-1].pid)
        began = time.monotonic()
        self.started[-1].send_signal(signal.SIGINT)
        assert self.started[-1].wait(timeout=20) == 0
        assert not any(map(alive, running))
        return time.monotonic() - began

    def say(self, message: str) -> str:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.ports['RASA_PORT']}/webhooks/rest/webhook",
            json.dumps({"sender": "u1", "message": message}).encode(),
            {"Authorization": f"Bearer {TOKEN}"},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return " ".join(reply.get("text", "") for reply in json.load(answer))


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path)
    yield made
    for process in made.started:
        end(process)


def test_fresh_installation_answers_and_starts_quickly_again(office: Office) -> None:
    trained_model.put_into(office.folder / "models")
    said = office.serve().read_text()
    assert f"http://127.0.0.1:{office.ports['RASA_PORT']}/chat" in said
    assert f"http://127.0.0.1:{office.ports['CONSOLE_PORT']}/" in said
    assert re.search(r"log in as admin with the one-time password \S{12,}", said)
    assert "importing the sample community …" in said
    assert office.say("你好")
    assert office.stop() < 8

    began = _cpu_seconds_of_children()
    said = office.serve().read_text()
    assert "one-time password" not in said
    assert "importing" not in said
    assert office.say("你好")
    office.stop()
    # Ten seconds on an idle machine; other tests may keep this one's processors busy.
    assert _cpu_seconds_of_children() - began < 10


def test_separate_action_server_answers_and_comes_back_after_a_kill(office: Office) -> None:
    trained_model.put_into(office.folder / "models")
    said = office.serve(ACTIONS_URL=f"http://127.0.0.1:{office.ports['ACTIONS_PORT']}")
    assert "食堂" in office.say("附近哪里有老年食堂")
    pid = next(pid for pid in children(office.started[-1].pid) if "actions" in _command(pid))
    os.kill(pid, signal.SIGKILL)
    assert office.say("你好")
    assert wait_until(lambda: "was killed by SIGKILL; starting it again" in said.read_text())
    assert wait_until(lambda: _listens(office.ports["ACTIONS_PORT"]), 60)
    assert "食堂" in office.say("附近哪里有老年食堂")


def test_taken_port_is_one_sentence(office: Office) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", office.ports["CONSOLE_PORT"]))
        other.listen()
        said = office.refused()
    assert said == (
        f"Error: port {office.ports['CONSOLE_PORT']} is taken by another program: stop it, "
        "or set CONSOLE_PORT to a free port\n"
    )


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"WECHAT_TOKEN": "t"}, "the wechat channel is only half configured: set WECHAT_APP_ID, WECHAT_APP_SECRET"),
        ({"WECOM_CORP_ID": "c"}, "set WECOM_AGENT_ID, WECOM_SECRET, WECOM_TOKEN, WECOM_AES_KEY as well"),
        ({"RASA_PORT": "many"}, "bad setting in the environment or .env: RASA_PORT"),
        ({"RASA_WORKERS": "2"}, "RASA_WORKERS above 1 needs REDIS_URL"),
        ({"DATABASE_URL": "nonsense"}, "DATABASE_URL is no address of a SQLite or PostgreSQL database"),
        ({"DATABASE_URL": "postgresql+psycopg2://nobody@127.0.0.1:1/none"}, "does not work: "),
        ({"DATABASE_URL": "sqlite:////proc/none/office.db"}, "/proc/none can't be used"),
        ({"SECRET_KEY_FILE": "/does/not/exist"}, "SECRET_KEY_FILE names /does/not/exist"),
    ],
)
def test_bad_setting_is_one_sentence(office: Office, settings: dict[str, str], sentence: str) -> None:
    said = office.refused(**settings)
    assert sentence in said
    assert len(said.splitlines()) == said.count("…") + 1


def _listens(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def _cpu_seconds_of_children() -> float:
    """Processor seconds of all processes that this one started and that have ended, with theirs."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _command(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
