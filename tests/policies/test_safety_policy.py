"""What safety demands right after a message."""

from __future__ import annotations

from typing import Any

import pytest
from rasa.shared.core.events import ActionExecuted, ActionReverted, Event, UserUttered
from rasa.shared.core.slots import AnySlot, BooleanSlot
from rasa.shared.core.trackers import DialogueStateTracker

from bot.policies.safety_policy import CARE, EMERGENCY, LISTEN_TO, next_safe_action

LISTEN = "action_listen"
AWAITING = {"path": "concern", "pending": "wish"}


def tracker(*after: Event, careful: bool = False, care: Any = None, **triage: Any) -> DialogueStateTracker:
    slots = [BooleanSlot("careful_mode", [{}], initial_value=careful), AnySlot("care", [{}], initial_value=care)]
    message = UserUttered("有", parse_data={"triage": {"crisis": "none", "urgency": "routine", **triage}})
    return DialogueStateTracker.from_events("web:r1", [ActionExecuted(LISTEN), message, *after], slots=slots)


@pytest.mark.parametrize(
    ("situation", "expected"),
    [
        ({"crisis": "crisis"}, CARE),
        ({"crisis": "crisis", "urgency": "emergency"}, CARE),
        ({"careful": True}, CARE),
        ({"care": AWAITING}, CARE),
        ({"care": {**AWAITING, "pending": None}}, None),
        ({"care": {"path": "self", "pending": "alone"}}, None),
        ({"urgency": "emergency"}, EMERGENCY),
        ({"crisis": "concern", "intent": "seek_counselling"}, LISTEN_TO),
        ({"crisis": "concern", "intent": "nlu_fallback"}, LISTEN_TO),
        ({"crisis": "concern", "intent": "report_property"}, None),
        ({}, None),
    ],
)
def test_message_calls_for(situation: dict[str, Any], expected: str | None) -> None:
    assert next_safe_action(tracker(**situation)) == expected


def test_bot_listens_after_caring() -> None:
    assert next_safe_action(tracker(ActionExecuted(CARE), crisis="crisis")) == LISTEN


def test_bot_listens_after_a_concern_was_eased() -> None:
    assert next_safe_action(tracker(ActionExecuted(CARE))) == LISTEN


def test_gentle_question_waits_for_the_next_message() -> None:
    asked = tracker(ActionExecuted(LISTEN_TO), care=AWAITING, crisis="concern", intent="seek_counselling")
    assert next_safe_action(asked) == LISTEN


def test_released_message_goes_to_the_other_policies() -> None:
    assert next_safe_action(tracker(ActionExecuted(CARE), ActionReverted())) is None


def test_released_distress_is_listened_to() -> None:
    released = tracker(ActionExecuted(CARE), ActionReverted(), crisis="concern", intent="seek_counselling")
    assert next_safe_action(released) == LISTEN_TO
