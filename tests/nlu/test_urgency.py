"""Urgency with its kind, and the first advice that goes with it."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from bot.community.paths import DATA
from bot.nlu import urgency
from bot.nlu.advice import advice_for
from bot.nlu.crisis_guard import Assessment, assess
from bot.nlu.normaliser import normalise
from bot.nlu.urgency import Urgency

CASES = yaml.safe_load((Path(__file__).parent / "urgency_cases.yml").read_text(encoding="utf-8"))
ADVICE = yaml.safe_load((DATA / "advice.yml").read_text(encoding="utf-8"))
SIGNS = yaml.safe_load((DATA / "urgency_signs.yml").read_text(encoding="utf-8"))


def rate(text: str, category: str | None = None) -> Urgency:
    plain = normalise(text)
    return urgency.rate(plain, category, assess(plain, None))


@pytest.mark.parametrize(
    ("level", "kind", "text"),
    [
        pytest.param(level, kind, text, id=f"{kind}-{text[:16]}")
        for level in ("emergency", "urgent")
        for kind, texts in CASES[level].items()
        for text in texts
    ],
)
def test_pressing_message(level: str, kind: str, text: str) -> None:
    found = rate(text)

    assert (found.level, found.kind) == (level, kind), found
    assert kind in found.reasons


@pytest.mark.parametrize("text", CASES["routine"], ids=lambda text: text[:16])
def test_routine_message(text: str) -> None:
    assert rate(text) == Urgency("routine")


@pytest.mark.parametrize("text", ["我不想活了", "我同学说想跳楼"])
def test_crisis_is_an_emergency(text: str) -> None:
    assert (rate(text).level, rate(text).kind) == ("emergency", "crisis")


def test_violence_is_an_emergency_of_its_own() -> None:
    assert rate("老公正在打我").kind == "violence"


def test_concern_is_no_emergency() -> None:
    assert rate("活着好累").level == "routine"


def test_category_is_enough_for_an_unknown_danger() -> None:
    assert rate("这边情况很危险", "emergency") == Urgency("emergency", ("category",), "other")


def test_category_believes_a_doubtful_sign() -> None:
    found = rate("万一烧起来怎么办，好多烟", "emergency")
    assert (found.level, found.kind) == ("emergency", "fire")


def test_category_does_not_revive_the_past() -> None:
    assert rate("去年我们楼着过火", "emergency").level == "routine"


def test_letter_needs_a_word_of_the_present() -> None:
    letter = (
        "我家住在老城区的家属院，业主反映过很多回物业也不理，楼道堆满杂物，{}，请社区出面协调一下，"
        "给大家一个安全的环境，我们全楼几十户老人都盼着有个结果，谢谢领导关心。"
    )
    assert rate(letter.format("墙根的垃圾起火")).level == "routine"
    assert rate(letter.format("现在垃圾正在起火")).level == "emergency"


def test_every_kind_has_its_cases_and_its_advice() -> None:
    for level in ("emergency", "urgent"):
        assert set(SIGNS[level]) == set(CASES[level])
        assert set(SIGNS[level]) <= set(ADVICE[level])
    assert set(ADVICE["emergency"]) == {*SIGNS["emergency"], "violence", "crisis", "other"}


@pytest.mark.parametrize("text", [text for by_kind in ADVICE.values() for text in by_kind.values()])
def test_advice_is_short_and_plain(text: str) -> None:
    assert len(text) <= 80
    assert text.endswith("。")


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("gas", ("别开灯", "阀", "窗", "屋外", "119")),
        ("fire", ("119", "别坐电梯")),
        ("shock", ("别用手", "总闸", "120")),
        ("elevator", ("别扒门", "119")),
        ("collapse", ("离开", "119")),
        ("flood", ("高处", "119")),
        ("drowning", ("别自己下水", "119")),
        ("medical", ("120",)),
        ("fall", ("别急着扶", "120")),
        ("missing", ("110", "24小时")),
        ("violence", ("110",)),
        ("crisis", ("12356", "120", "110")),
    ],
)
def test_advice_says_what_matters(kind: str, words: tuple[str, ...]) -> None:
    advice = advice_for(Urgency("emergency", (kind,), kind), "none")
    assert advice is not None
    assert all(word in advice for word in words), advice


def test_crisis_comes_before_other_advice() -> None:
    assert advice_for(Urgency("emergency", ("crisis", "gas"), "crisis"), "crisis") == ADVICE["emergency"]["crisis"]
    assert advice_for(Urgency("emergency", ("violence",), "violence"), "crisis") == ADVICE["emergency"]["violence"]


def test_routine_needs_no_advice() -> None:
    assert advice_for(Urgency("routine"), "none") is None
    assert urgency.rate("路灯不亮", "power_lighting", Assessment()).kind is None
