"""The containers' processes with the containers' environment, against a real PostgreSQL and Redis.

Takes commands and settings from docker-compose.yml, with addresses of this machine in place of the containers' names.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError

from bot.community import notifications
from bot.community.database import Database
from bot.settings import ROOT
from tests import trained_model
from tests.deploy.compose import compose
from tests.free_ports import free_port
from tests.runtime.processes import end, wait_until

POSTGRES_URL = os.environ.get("TEST_POSTGRES_URL", "postgresql+psycopg2://postgres@127.0.0.1:5432/test")
REDIS = ("127.0.0.1", 6379)
TOKEN = "token of the tests"
STARTED_WITHIN = 60.0


@dataclass
class Installation:
    """Running processes; ports by service."""

    rasa: str
    console: str
    database_url: str
    processes: dict[str, subprocess.Popen[bytes]]
    logs: Path

    def say(self, message: str, *, sender: str, message_id: str = "") -> list[dict[str, Any]]:
        body = {"sender": sender, "message": message, "metadata": {"message_id": message_id or uuid.uuid4().hex}}
        request = urllib.request.Request(
            f"{self.rasa}/webhooks/rest/webhook",
            json.dumps(body).encode(),
            {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return list(json.load(answer))


@pytest.fixture(scope="module")
def postgres_url() -> Iterator[str]:
    """An empty database of this run alone."""
    server = create_engine(POSTGRES_URL, isolation_level="AUTOCOMMIT", future=True)
    name = f"installation_{uuid.uuid4().hex[:12]}"
    try:
        with server.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name} TEMPLATE template0"))
    except OperationalError as error:
        pytest.skip(f"no PostgreSQL at {POSTGRES_URL}: {error.orig}")
    yield make_url(POSTGRES_URL).set(database=name).render_as_string(hide_password=False)
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()


@pytest.fixture(scope="module")
def redis_url() -> str:
    from redis import Redis, RedisError

    url = f"redis://{REDIS[0]}:{REDIS[1]}/9"
    try:
        with Redis.from_url(url, socket_connect_timeout=2) as client:
            client.ping()
    except RedisError as error:
        pytest.skip(f"no Redis at {url}: {error}")
    return url


@pytest.fixture(scope="module")
def model_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return trained_model.put_into(tmp_path_factory.mktemp("models"))


@pytest.fixture(scope="module")
def installation(
    postgres_url: str, redis_url: str, model_dir: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Installation]:
    folder = tmp_path_factory.mktemp("installation")
    ports = {"rasa": free_port(), "console": free_port(), "actions": free_port()}
    secrets = {"bot_api_token": TOKEN, "secret_key": "key of the tests", "database_url": postgres_url}
    here = {
        "REDIS_URL": redis_url,
        "BIND_HOST": "127.0.0.1",
        "RASA_URL": f"http://127.0.0.1:{ports['rasa']}",
        "RASA_PORT": str(ports["rasa"]),
        "CONSOLE_PORT": str(ports["console"]),
        "ACTIONS_PORT": str(ports["actions"]),
        "ACTIONS_URL": f"http://127.0.0.1:{ports['actions']}",
        "MODEL_DIR": str(model_dir),
        "MEDIA_DIR": str(folder / "media"),
    }
    for name, value in secrets.items():
        (folder / name).write_text(value)
    services = compose(RASA_WORKERS="2")["services"]

    def command(name: str) -> tuple[list[str], dict[str, str]]:
        given = services.get(name, services["rasa"])
        environment = {
            key: str(value).replace("/run/secrets", str(folder)) for key, value in given["environment"].items()
        }
        arguments = services[name]["command"] if name in services else [name]
        return [sys.executable, "-m", "bot", *arguments], {**_clean(), **environment, **here}

    line, environment = command("migrate")
    prepared = subprocess.run(line, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)
    assert prepared.returncode == 0, prepared.stderr
    assert "one-time password" in prepared.stdout
    with ExitStack() as running:
        processes = {}
        for name in ("actions", "rasa", "console", "dispatcher"):
            line, environment = command(name)
            with (folder / f"{name}.log").open("wb") as log:
                processes[name] = subprocess.Popen(line, cwd=ROOT, env=environment, stdout=log, stderr=log)
            running.callback(end, processes[name])
        made = Installation(here["RASA_URL"], f"http://127.0.0.1:{ports['console']}", postgres_url, processes, folder)
        for url in (made.rasa, made.console, here["ACTIONS_URL"]):
            assert wait_until(lambda url=url: _answers(f"{url}/healthz"), STARTED_WITHIN), _last_words(folder)
        yield made
        _stop(processes)


def test_resident_is_answered(installation: Installation) -> None:
    replies = installation.say("你好", sender="office-1")
    assert any("社区" in reply.get("text", "") for reply in replies), _last_words(installation.logs)


def test_repeated_message_gets_the_stored_answer_from_any_worker(installation: Installation) -> None:
    answers = [installation.say("你好", sender="office-2", message_id="m1") for _ in range(4)]
    assert answers.count(answers[0]) == 4


def test_content_of_the_sample_community_is_found(installation: Installation) -> None:
    replies = installation.say("附近哪里有老年食堂", sender="office-3")
    assert any("食堂" in reply.get("text", "") for reply in replies), _last_words(installation.logs)


def test_notification_reaches_the_conversation(installation: Installation) -> None:
    installation.say("你好", sender="office-4")
    database = Database(installation.database_url)
    payload = {"number": "XL20261123-0001", "status": "matched", "starts_at": None}
    try:
        database.call(
            notifications.enqueue,
            recipient="rest:office-4",
            kind="referral_status",
            payload=payload,
            key="test:1",
            now=datetime.now(timezone.utc),
        )
    finally:
        database.dispose()
    assert wait_until(lambda: "XL20261123-0001" in _tracker(installation, "rest:office-4")), _last_words(
        installation.logs
    )


def test_internal_addresses_need_the_token(installation: Installation) -> None:
    for url in (f"{installation.rasa}/status", f"{installation.rasa}/conversations/rest:office-1/tracker"):
        with pytest.raises(urllib.error.HTTPError, match="401"):
            urllib.request.urlopen(url, timeout=10)


def _tracker(installation: Installation, sender: str) -> str:
    request = urllib.request.Request(
        f"{installation.rasa}/conversations/{sender}/tracker", headers={"Authorization": f"Bearer {TOKEN}"}
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        return str(json.dumps(json.load(answer), ensure_ascii=False))


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def _clean() -> dict[str, str]:
    """This environment without settings of whoever runs the tests."""
    return {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8", "HOME": os.environ.get("HOME", "/")}


def _stop(processes: dict[str, subprocess.Popen[bytes]]) -> None:
    for process in processes.values():
        process.terminate()
    began = time.monotonic()
    codes = {name: process.wait(timeout=15) for name, process in processes.items()}
    assert time.monotonic() - began < 10
    assert set(codes.values()) == {0}, codes


def _last_words(folder: Path) -> str:
    return "\n".join(f"{log.name}: {log.read_text(errors='replace')[-1500:]}" for log in sorted(folder.glob("*.log")))
