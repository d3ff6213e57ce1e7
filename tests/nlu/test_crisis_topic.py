"""What a crisis is said to be about: psychology as read, the police where somebody is attacked, else other distress."""

from __future__ import annotations

from unittest.mock import Mock

import pytest

from bot.nlu.category_model import Candidate
from bot.nlu.crisis_guard import Assessment
from bot.nlu.understanding import Understanding
from bot.nlu.urgency import Urgency

NOISE = Candidate("report_property", "noise", "property", 0.8)
GRIEF = Candidate("seek_counselling", "grief_trauma", "psychology", 0.8)


@pytest.mark.parametrize(
    ("best", "violence", "topic"),
    [
        (NOISE, False, ("psychology", "other_psychology")),
        (NOISE, True, ("safety", "police")),
        (GRIEF, False, ("psychology", "grief_trauma")),
        (GRIEF, True, ("psychology", "grief_trauma")),
    ],
)
def test_crisis_has_a_topic_of_its_own(best: Candidate, violence: bool, topic: tuple[str, str]) -> None:
    reading = Mock(best=best, alternatives=(), sure=True)
    urgency = Urgency("emergency", ("crisis",), "crisis")
    found = Understanding(
        "", "", reading, Mock(values={}), Assessment("crisis", violence=violence), urgency
    ).as_triage()

    assert (found["domain"], found["category"]) == topic
    assert found["intent"] == "crisis"
