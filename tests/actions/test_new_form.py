"""The worked example of docs/forms.md: applied to a copy of the project, it fits, and the form opens a ticket."""

from __future__ import annotations

import gc
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

import actions.turn
from actions import tickets
from actions.forms import requests
from actions.forms.form import REQUESTED, AskField
from bot.community import ticket_lists
from bot.community.database import Database
from bot.settings import ROOT

DOCUMENT = ROOT / "docs" / "forms.md"
PARTS = ("actions", "bot", "data", "domain.yml", "config.yml")
END = "(end)"
SENDER = "web:r1"


@dataclass(frozen=True)
class Addition:
    """Lines of the document's diff: into which file, after which lines of it (the outer one first)."""

    path: str
    after: tuple[str, ...]
    lines: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


def additions() -> list[Addition]:
    found: list[Addition] = []
    (diff,) = re.findall(r"^```diff\n(.*?)^```", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    path = ""
    for line in diff.splitlines():
        if line.startswith("+++ "):
            path = line[4:]
        elif line.startswith("@@ "):
            found.append(Addition(path, tuple(line[3:].split(" > "))))
        else:
            assert line.startswith("+"), f"{line!r} is no added line"
            found[-1].lines.append(line[1:])
    return found


def apply(addition: Addition, project: Path) -> None:
    path = project / addition.path
    lines = path.read_text(encoding="utf-8").splitlines()
    at = len(lines) if addition.after == (END,) else 0
    for wanted in addition.after if at == 0 else ():
        at += 1 + next(n for n, line in enumerate(lines[at:]) if line.strip().removeprefix("- ") == wanted.strip("- "))
    lines[at:at] = addition.lines
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the project with the document's change."""
    for name in PARTS:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, tmp_path / name)
    for addition in additions():
        apply(addition, tmp_path)
    return tmp_path


def test_rasa_finds_that_the_change_fits(project: Path):
    environment = {**os.environ, "PYTHONPATH": str(project)}
    command = [sys.executable, "-m", "bot", "validate"]
    done = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr


def test_change_is_short():
    assert sum(1 for each in additions() if each.path.endswith(".py") for line in each.lines if line.strip()) <= 12


class Talk:
    """A resident who fills the document's form; Rasa's part of the loop is played here."""

    def __init__(self, form: Any, submit: Any) -> None:
        self.form, self.submit = form, submit
        self.slots: dict[str, Any] = {}
        self.running = False

    async def say(self, text: str, intent: str, **entities: Any) -> list[dict[str, Any]]:
        """What the bot answers: the responses' names and values."""
        self.message = {"text": text, "intent": {"name": intent}, "triage": {"entities": entities}}
        said = await self._run(self.form)
        self.running = self.slots[REQUESTED] is not None
        if not self.running:
            return [*said, *await self._run(self.submit)]
        asking = type("Ask_next", (AskField,), {"slot": self.slots[REQUESTED]})
        return [*said, *await self._run(asking)]

    async def _run(self, action: Any) -> list[dict[str, Any]]:
        loop = {"name": self.form.form} if self.running or issubclass(action, AskField) else {}
        tracker = Tracker(SENDER, self.slots, self.message, [], False, None, loop, "action_listen")
        dispatcher = CollectingDispatcher()
        for event in await action().run(dispatcher, tracker, {}):
            self.slots[event["name"]] = event["value"]
        return [{"response": each["response"], **each} for each in dispatcher.messages]


@pytest.fixture
def talk(database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Talk]:
    """The document's classes, defined where the document puts them; gone afterwards."""
    code = {each.path: each.text for each in additions() if each.path.endswith(".py")}
    monkeypatch.setattr(
        tickets, "phrase", lambda key, **values: f"想借：{values['item']}" if key == "ticket.borrow" else key
    )
    names: dict[str, Any] = {**vars(requests), **vars(tickets)}
    for path in ("actions/forms/requests.py", "actions/tickets.py"):
        exec(code[path], names)  # noqa: S102 (our own document)
    yield Talk(names["BorrowForm"], names["SubmitBorrow"])
    names.clear()
    gc.collect()  # an action registers itself by being a class


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    made = Database(f"sqlite:///{tmp_path}/forms.db", synchronous="OFF")
    made.create_all()
    monkeypatch.setattr(actions.turn, "database", lambda: made)
    yield made
    made.dispose()


async def test_form_asks_for_what_is_missing_and_opens_a_ticket(talk: Talk, database: Database):
    assert [each["response"] for each in await talk.say("借个轮椅", "borrow_item")] == ["utter_ask_booking_time"]
    saturday = {"text": "周六上午", "iso": "2026-11-28", "end": None}
    assert [each["response"] for each in await talk.say("周六上午", "inform", time=saturday)] == ["utter_ask_phone"]
    (summary,) = await talk.say("13900001234", "inform", phone="13900001234")
    assert summary["response"] == "utter_summary_borrow_form"
    assert (summary["item"], summary["booking_time"], summary["phone"]) == ("借个轮椅", "周六上午", "13900001234")
    assert [each["response"] for each in await talk.say("确认", "affirm")] == ["utter_ticket_opened"]
    assert [(each.description, each.phone) for each in own_tickets(database)] == [("想借：借个轮椅", "13900001234")]


async def test_form_corrects_and_skips_without_a_line_of_its_own(talk: Talk, database: Database):
    await talk.say("借个轮椅", "borrow_item", time={"text": "周六", "iso": "2026-11-28", "end": None})
    await talk.say("跳过", "skip")
    said = await talk.say("不对，是周日", "correct", time={"text": "周日", "iso": "2026-11-29", "end": None})
    assert [each["response"] for each in said] == ["utter_corrected", "utter_summary_borrow_form"]
    await talk.say("确认", "affirm")
    assert [(each.available_text, each.phone) for each in own_tickets(database)] == [("周日", None)]


def own_tickets(database: Database) -> list[Any]:
    from bot.community import residents
    from bot.community.clock import utcnow

    resident = database.call(residents.resolve, SENDER, now=utcnow())
    return list(database.call_reading(ticket_lists.list_own, resident.id, open_only=False, limit=5))
