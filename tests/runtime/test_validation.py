"""Which of Rasa's complaints count: a response that only an action speaks is used."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.runtime.validation import relevant

ACTIONS = """
def speak(dispatcher, slot):
    dispatcher.utter_message(response="utter_greet")
    dispatcher.utter_message(response=f"utter_ask_{slot}_again")
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "actions").mkdir()
    (tmp_path / "actions" / "small_talk.py").write_text(ACTIONS)
    return tmp_path


def unused(name: str) -> str:
    return f"The utterance '{name}' is not used in any story or rule."


@pytest.mark.parametrize("name", ["utter_greet", "utter_ask_phone_again"])
def test_response_that_an_action_speaks_is_no_complaint(name: str, project: Path) -> None:
    assert relevant([unused(name)], project) == []


@pytest.mark.parametrize("name", ["utter_greeting", "utter_ask_phone", "utter_ask__again"])
def test_response_that_nobody_speaks_is_a_complaint(name: str, project: Path) -> None:
    assert relevant([unused(name)], project) == [unused(name)]


def test_other_complaints_count_and_what_is_always_said_does_not(project: Path) -> None:
    conflict = "The example '给我回个电话' was found labeled with multiple different intents"
    said = ["Slot auto-fill has been removed in 3.0 and replaced with a new explicit mechanism", conflict]
    assert relevant(said, project) == [conflict]
