"""A Rasa server of the product as a black box: its own process, its own database, spoken to over HTTP."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.community.catalogue_files import import_files
from bot.community.database import Database
from bot.settings import ROOT

TOKEN = "conversation-tests"
START_SECONDS = 90
TURN_SECONDS = 30


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Server:
    """Starts, kills and restarts one Rasa server on the same database."""

    directory: Path
    url: str
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def database(self) -> Database:
        return Database(self.url, synchronous="OFF")

    def start(self) -> None:
        environment = os.environ | {
            "DATABASE_URL": self.url,
            "RASA_PORT": str(self.port),
            "BOT_API_TOKEN": TOKEN,
            "SECRET_KEY": "conversation-tests-secret",
            "MEDIA_DIR": str(self.directory / "media"),
            "PYTHONPATH": str(ROOT),
        }
        with (self.directory / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "bot", "rasa"], cwd=ROOT, env=environment, stdout=log, stderr=log
            )
        self._wait()

    def kill(self) -> None:
        """kill -9, as a crash would."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.kill()

    def log(self) -> str:
        return (self.directory / "server.log").read_text(encoding="utf-8", errors="replace")

    def _wait(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self.process is not None and self.process.poll() is not None:
                raise RuntimeError(f"the server ended:\n{self.log()[-3000:]}")
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=2):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.2)
        raise RuntimeError(f"the server did not answer within {START_SECONDS} s:\n{self.log()[-3000:]}")


@dataclass
class Resident:
    """Somebody who writes through the REST channel."""

    server: Server
    name: str = field(default_factory=lambda: uuid.uuid4().hex[:12])

    @property
    def sender_id(self) -> str:
        return f"rest:{self.name}"

    def say(
        self, text: str, *, message_id: str | None = None, attachments: list[Any] | None = None
    ) -> list[dict[str, Any]]:
        """The bot's messages in answer."""
        metadata = {"message_id": message_id or uuid.uuid4().hex, "attachments": attachments or []}
        body = json.dumps({"sender": self.name, "message": text, "metadata": metadata}).encode()
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.server.port}/webhooks/rest/webhook",
            data=body,
            headers={"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=TURN_SECONDS) as answer:
            return list(json.loads(answer.read()))

    def hear(self, text: str, **options: Any) -> str:
        """As say(), the texts and the buttons as one text."""
        messages = self.say(text, **options)
        parts = [message.get("text", "") for message in messages]
        parts += [f"[{button['title']}]" for message in messages for button in message.get("buttons") or []]
        return "\n".join(parts)


@contextmanager
def running(directory: Path, url: str | None = None) -> Iterator[Server]:
    """A server with the sample community, stopped at the end."""
    server = Server(directory, url or f"sqlite:///{directory / 'community.db'}")
    database = server.database
    database.upgrade()
    with database.transaction() as session:
        report = import_files(session, [ROOT / "data" / "catalogue"])
        assert report.ok, report.errors
    database.dispose()
    try:
        server.start()
        yield server
    finally:
        server.stop()
