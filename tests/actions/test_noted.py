"""What is said before its time is kept, and two problems in one message are told apart."""

from __future__ import annotations

from typing import Any

import pytest
from rasa_sdk import Tracker

from actions.forms import addresses
from actions.forms.fields import PhoneField, PlaceField, TimeField, telling_clauses
from actions.forms.noted import noted_draft
from actions.forms.second_problem import WAITING, second_problem, set_aside
from actions.small_talk import is_wordless, likely, missed_before
from actions.turn import Turn


def a_turn(text: str, events: list[dict[str, Any]] | None = None, **triage: Any) -> Turn:
    message = {"text": text, "triage": triage, "intent": {"name": triage.get("intent", "")}}
    return Turn(Tracker("rest:r1", {}, message, events or [], False, None, {}, "action_listen"))


def a_reading(category: str, confidence: float, domain: str = "property") -> dict[str, Any]:
    return {"domain": domain, "category": category, "confidence": confidence}


def test_noted_values_go_to_the_fields_that_can_use_them() -> None:
    noted = {"phone": "13900001111", "time": {"text": "明天"}, "photos": ["p1"], "near": [28.1, 115.8]}
    draft = noted_draft(noted, (PlaceField(), PhoneField(), TimeField("booking_time")))
    assert draft == {"phone": "13900001111", "booking_time": {"text": "明天"}, "photos": ["p1"]}


def test_nothing_noted_is_nothing_known() -> None:
    assert noted_draft(None, (PhoneField(),)) == {}


def test_two_likely_faults_joined_by_a_word_are_two_problems() -> None:
    other = a_reading("power_lighting", 0.4)
    turn = a_turn("电梯坏了而且楼道灯也不亮", domain="property", category="elevator", alternatives=[other])
    found = second_problem(turn)
    assert found is not None
    assert found["category"] == "power_lighting"


@pytest.mark.parametrize(
    ("text", "other"),
    [("水", a_reading("leak_plumbing", 0.42)), ("灯坏了 而且很暗", a_reading("noise", 0.05))],
    ids=["one word of two meanings", "an unlikely second reading"],
)
def test_one_fault_is_one_problem(text: str, other: dict[str, Any]) -> None:
    assert second_problem(a_turn(text, domain="property", category="water_supply", alternatives=[other])) is None


def test_few_topics_wait_at_a_time() -> None:
    waiting: list[dict[str, Any]] = []
    for n in range(WAITING + 2):
        waiting = set_aside(waiting, {"gist": str(n)})
    assert [each["slots"]["problem"]["gist"] for each in waiting] == ["2", "3", "4"]


def test_public_place_does_not_repeat_the_building() -> None:
    assert addresses.describe({"compound": "幸福里", "building": "7", "public_place": "7栋楼下"}) == "幸福里7栋楼下"


def test_adding_a_room_takes_nothing_back() -> None:
    before = {"compound": "幸福里", "building": "3"}
    assert not PlaceField().changes(before, {**before, "room": "401"})
    assert PlaceField().changes(before, {**before, "building": "5"})


def test_clauses_with_bare_data_tell_nothing() -> None:
    said = "约个老年餐 阳光花园1栋1单元101 两个人吃"
    assert telling_clauses(said, {"compound": "阳光花园", "room": "101"}) == ["约个老年餐", "两个人吃"]


@pytest.mark.parametrize(
    ("text", "wordless"), [("🙏🙏", True), ("。", True), ("？", False), ("好", False), ("1", False)]
)
def test_stickers_and_dots_are_wordless(text: str, wordless: bool) -> None:
    assert is_wordless(a_turn(text)) is wordless


def test_only_misses_in_a_row_add_up() -> None:
    missed = {"event": "action", "name": "action_not_understood"}
    understood = {"event": "action", "name": "utter_thanks"}
    user = {"event": "user"}
    assert missed_before(a_turn("啊", [user, missed, user]).tracker)
    assert not missed_before(a_turn("啊", [user, missed, user, understood, user]).tracker)
    assert not missed_before(a_turn("啊", [user]).tracker)


def test_danger_and_grief_are_not_offered_as_choices() -> None:
    alternatives = [a_reading("emergency", 0.3, "safety"), a_reading("depression_mood", 0.3, "psychology")]
    turn = a_turn("我妈", domain="property", category="noise", confidence=0.2, alternatives=alternatives)
    assert len(likely(turn)) == 1
