"""Every persona reaches its path, staff learn what they must, and no reply breaks a rule."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.care.players import Player, play

PERSONAS = yaml.safe_load((Path(__file__).parent / "personas.yml").read_text(encoding="utf-8"))
QUIET = [persona for persona in PERSONAS if persona.get("silent")]
SPOKEN_TO = [persona for persona in PERSONAS if not persona.get("silent")]


@pytest.fixture(params=SPOKEN_TO, ids=lambda persona: persona["name"])
def persona(request: pytest.FixtureRequest) -> dict[str, Any]:
    return request.param


@pytest.fixture
def played(persona: dict[str, Any]) -> Player:
    return play(persona["say"])


def test_there_are_enough_of_them() -> None:
    assert len(PERSONAS) >= 40


def test_conversation_ends_on_its_path(persona: dict[str, Any], played: Player) -> None:
    assert played.path == persona["path"]
    assert played.careful is persona.get("careful", True)
    assert played.spoken[-1].third_person is persona.get("third_person", played.path in ("third", "witness"))


def test_staff_learn_what_was_found(persona: dict[str, Any], played: Player) -> None:
    assert set(persona.get("reasons", ())) <= played.reasons


def test_the_needed_is_said(persona: dict[str, Any], played: Player) -> None:
    missing = [each for each in persona.get("says", ()) if not re.search(each, played.transcript, re.MULTILINE)]
    assert not missing, played.transcript


def test_the_forbidden_is_not_said(persona: dict[str, Any], played: Player) -> None:
    assert not [each for each in persona.get("never", ()) if re.search(each, played.transcript)]


def test_every_message_is_answered(persona: dict[str, Any], played: Player) -> None:
    assert len(played.replies) == len(persona["say"])
    assert all(reply is not None and (reply.texts or reply.released) for reply in played.replies)


@pytest.mark.parametrize("persona", QUIET, ids=lambda persona: persona["name"])
def test_no_risk_is_left_alone(persona: dict[str, Any]) -> None:
    assert play(persona["say"]).spoken == []
