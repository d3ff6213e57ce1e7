"""`python -m bot rasa`, killed outright in the middle of work."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from bot.community import conversations
from bot.community.database import Database
from bot.problems import EXIT_CODE
from bot.settings import ROOT
from tests import trained_model
from tests.free_ports import free_port
from tests.runtime.processes import alive, children, end, wait_until

TOKEN = "token of the tests"
FORM = ["我要报修", "厨房水管漏水"]


class Server:
    """A Rasa server on a database of its own, started as often as wanted."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / "rasa.log"
        self.database_url = f"sqlite:///{folder / 'office.db'}"
        self.model_dir = folder / "models"
        self.media_dir = folder / "media"
        self.process: subprocess.Popen[bytes] | None = None

    def launch(self, **more: str) -> subprocess.Popen[bytes]:
        environment = {
            **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
            "RASA_PORT": str(self.port),
            "DATABASE_URL": self.database_url,
            "MODEL_DIR": str(self.model_dir),
            "MEDIA_DIR": str(self.media_dir),
            "BOT_API_TOKEN": TOKEN,
            "SECRET_KEY": "key of the tests",
            **more,
        }
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "bot", "rasa"], cwd=ROOT, env=environment, stdout=log, stderr=log
            )
        return self.process

    def start(self, **more: str) -> None:
        process = self.launch(**more)
        assert wait_until(lambda: self._answers() or process.poll() is not None, 60)
        assert process.poll() is None, self.log.read_text()

    def say(self, message: str, message_id: str) -> list[dict[str, Any]]:
        body = {"sender": "u1", "message": message, "metadata": {"message_id": message_id}}
        request = urllib.request.Request(
            f"{self.url}/webhooks/rest/webhook", json.dumps(body).encode(), {"Authorization": f"Bearer {TOKEN}"}
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return list(json.load(answer))

    def kill(self) -> None:
        assert self.process
        end(self.process)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    made = Server(tmp_path)
    database = Database(made.database_url)
    database.upgrade()
    database.dispose()
    yield made
    if made.process:
        end(made.process)


def test_form_goes_on_after_a_kill_and_nothing_is_said_twice(server: Server) -> None:
    trained_model.put_into(server.model_dir)
    server.start()
    before = [server.say(text, f"m{at}") for at, text in enumerate(FORM)]
    server.kill()
    server.start()
    assert server.say(FORM[-1], f"m{len(FORM) - 1}") == before[-1]
    after = server.say("阳光花园3栋2单元501", "m9")
    assert any(word in reply.get("text", "") for reply in after for word in ("电话", "手机")), after


def test_message_taken_by_a_killed_process_is_answered_by_the_next(server: Server) -> None:
    trained_model.put_into(server.model_dir)
    database = Database(server.database_url)
    database.call(conversations.receive, "rest:u1", "lost", "你好", now=datetime.now(timezone.utc))
    server.start()
    assert wait_until(lambda: bool(database.call_reading(conversations.stored_reply, "rest:u1", "lost")))
    assert (
        server.say("你好", "lost")[0]["text"]
        == (database.call_reading(conversations.stored_reply, "rest:u1", "lost")[0]["text"])
    )
    database.dispose()


def test_workers_of_a_killed_server_end_with_it(server: Server) -> None:
    trained_model.put_into(server.model_dir)
    # Nothing is said here, so that the address of Redis is never used.
    server.start(RASA_WORKERS="2", REDIS_URL=f"redis://127.0.0.1:{free_port()}/0")
    assert server.process
    workers = children(server.process.pid)
    assert len(workers) == 2
    server.kill()
    assert wait_until(lambda: not any(map(alive, workers)))


def test_without_a_model_it_says_how_to_train(server: Server) -> None:
    process = server.launch()
    assert process.wait(timeout=60) == EXIT_CODE
    assert server.log.read_text().splitlines()[-1] == (
        f"Error: there is no model in {server.model_dir}: run `python -m bot train` (make train)"
    )
