"""`python -m bot doctor`: a line per thing to look at, and what to do."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from bot.commands import health
from bot.commands.health import FAILED, GOOD, WORTH_A_LOOK
from bot.community import staff
from bot.community.clock import utcnow
from bot.community.database import Database
from bot.settings import Settings
from tests.free_ports import free_port


def settings(folder: Path, **values: Any) -> Settings:
    return Settings(_env_file=None, **{"database_url": f"sqlite:///{folder / 'office.db'}", **values})


def states(config: Settings) -> dict[str, str]:
    return {finding.subject: finding.state for finding in (check() for check in health.checks(config))}


@pytest.fixture
def other_program() -> Iterator[int]:
    """A port on which something answers that is not ours."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps("hello").encode())

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            pass

    server = HTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


def test_database_without_tables_says_how_to_make_them(tmp_path: Path) -> None:
    found = health.check_database(settings(tmp_path))
    assert found.state == FAILED
    assert "python -m bot db upgrade" in found.text


def test_database_without_content_says_how_to_import(tmp_path: Path) -> None:
    config = settings(tmp_path)
    database = Database(config.database_url)
    database.upgrade()
    database.call(staff.add_user, "wangfang", "operator", now=utcnow())
    database.dispose()
    found = health.check_database(config)
    assert found.state == WORTH_A_LOOK
    assert "catalogue import" in found.text


def test_missing_model_says_how_to_train(tmp_path: Path) -> None:
    found = health.check_model(tmp_path)
    assert found.state == FAILED
    assert "python -m bot train" in found.text


def test_older_model_is_worth_a_look(tmp_path: Path) -> None:
    (tmp_path / "community-0000.tar.gz").write_bytes(b"")
    assert health.check_model(tmp_path).state == WORTH_A_LOOK


def test_readable_secret_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("x")
    (tmp_path / "token").chmod(0o644)
    assert health.check_secrets(tmp_path).state == FAILED
    (tmp_path / "token").chmod(0o600)
    assert health.check_secrets(tmp_path).state == GOOD


def test_port_of_another_program_is_a_failure(other_program: int) -> None:
    found = health.check_server("rasa", "127.0.0.1", other_program, "RASA_PORT")
    assert found.state == FAILED
    assert "set RASA_PORT" in found.text


def test_silent_program_on_our_port_is_a_failure_and_a_free_port_is_not(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        busy = settings(tmp_path, rasa_port=other.getsockname()[1], console_port=free_port())
        found = states(busy)
    assert found["rasa"] == FAILED
    assert found["console"] == GOOD


def test_half_configured_channel_and_dead_redis_are_failures(tmp_path: Path) -> None:
    config = settings(tmp_path, wechat_token="t", redis_url=f"redis://127.0.0.1:{free_port()}/0")
    found = states(config)
    assert found["wechat"] == FAILED
    assert found["wecom"] == GOOD
    assert found["redis"] == FAILED


def test_address_without_tls_is_worth_a_look(tmp_path: Path) -> None:
    found = health.check_settings(settings(tmp_path, public_url="http://fuwu.example.org"))
    assert found.state == WORTH_A_LOOK
