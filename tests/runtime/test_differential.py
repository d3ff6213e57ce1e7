"""Plain Rasa and our runtime give the same events for the same conversations.

Plain: none of our patches, stock SQLTrackerStore, nothing live between turns. Ours: all of it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bot import settings
from bot.runtime import training
from bot.settings import ROOT

NOON = "2026-11-24T12:00:00+08:00"


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Any]]:
    """The events of every conversation, both ways."""
    if training.current_model(settings.load().model_dir) is None:
        pytest.skip("there is no trained model: make train")
    directories = {way: tmp_path_factory.mktemp(way) for way in ("plain", "ours")}
    running = {way: _play(way, directory) for way, directory in directories.items()}
    for way, process in running.items():
        output, _ = process.communicate(timeout=600)
        assert process.returncode == 0, f"{way}:\n{output.decode(errors='replace')[-3000:]}"
    return {way: json.loads((directory / f"{way}.json").read_text()) for way, directory in directories.items()}


def _play(way: str, directory: Path) -> subprocess.Popen[bytes]:
    environment = os.environ | {
        "DATABASE_URL": f"sqlite:///{directory / 'community.db'}",
        "PYTHONPATH": str(ROOT),
        "TRIAGE_NOW": NOON,
    }
    command = [sys.executable, "-m", "tests.runtime.conversing", way, str(directory)]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def test_same_events(played: dict[str, list[Any]]) -> None:
    assert len(played["plain"]) == len(played["ours"]) > 30
    for plain, ours in zip(played["plain"], played["ours"], strict=True):
        for place, (one, other) in enumerate(zip(plain, ours, strict=False)):
            assert other == one, f"event {place} of the conversation that begins 「{_first_words(plain)}」"
        assert len(ours) == len(plain), f"in the conversation that begins 「{_first_words(plain)}」"


def test_long_conversation_was_cut(played: dict[str, list[Any]]) -> None:
    from bot.runtime.compaction import MOST_EVENTS

    assert len(played["ours"][0]) > 2 * MOST_EVENTS


def _first_words(events: list[dict[str, Any]]) -> str:
    return next((str(event["text"]) for event in events if event["event"] == "user"), "")
