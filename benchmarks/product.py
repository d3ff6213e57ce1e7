"""The product as it serves: its own entry point, SQLite, the sample community, the trained model."""

from __future__ import annotations

import sys
from pathlib import Path

from benchmarks.subject import Subject, free_port
from bot.community.catalogue_files import import_files
from bot.community.database import Database
from bot.settings import ROOT

TOKEN = "benchmark"  # noqa: S105 (of a server that lives for the benchmark)


def product(directory: Path) -> Subject:
    """The Rasa server alone, actions in its process, on a fresh database."""
    url = f"sqlite:///{directory / 'community.db'}"
    _fill(url)
    port = free_port()
    return Subject(
        name="product",
        commands=[[sys.executable, "-m", "bot", "rasa"]],
        ready=[f"http://127.0.0.1:{port}/healthz"],
        webhook=f"http://127.0.0.1:{port}/webhooks/rest/webhook",
        directory=directory,
        environment={
            "PYTHONPATH": str(ROOT),
            "DATABASE_URL": url,
            "RASA_PORT": str(port),
            "BOT_API_TOKEN": TOKEN,
            "SECRET_KEY": TOKEN,
            "MEDIA_DIR": str(directory / "media"),
        },
        headers={"Authorization": f"Bearer {TOKEN}"},
    )


def _fill(url: str) -> None:
    database = Database(url, synchronous="OFF")
    database.upgrade()
    with database.transaction() as session:
        report = import_files(session, [ROOT / "data" / "catalogue"])
    database.dispose()
    if not report.ok:
        raise RuntimeError(f"the sample community has errors: {report.errors}")
