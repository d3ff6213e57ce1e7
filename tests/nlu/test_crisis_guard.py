"""The guard's patterns alone, on invented messages: every family in words that mean it and in words that don't."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from bot.nlu.crisis import signs
from bot.nlu.crisis_guard import Assessment, assess
from bot.nlu.normaliser import normalise

CASES = yaml.safe_load((Path(__file__).parent / "crisis_cases.yml").read_text(encoding="utf-8"))
ROWS = [
    pytest.param(level, text, id=f"{family}-{level}-{text[:16]}")
    for family, levels in CASES.items()
    for level, texts in levels.items()
    for text in texts
]


def read(text: str, **context: object) -> Assessment:
    return assess(normalise(text), None, **context)


@pytest.mark.parametrize(("level", "text"), ROWS)
def test_message_gets_its_level(level: str, text: str) -> None:
    found = read(text)

    if level == "calm":
        assert found.level != "crisis", found
    else:
        assert found.level == level, found


def test_there_are_cases_both_ways() -> None:
    texts = [text for levels in CASES.values() for found in levels.values() for text in found]
    assert len(texts) == len(set(texts)) >= 390
    for family, levels in CASES.items():
        assert family in ("distress", "information") or "crisis" in levels, family
        assert "none" in levels, family


def test_every_family_has_cases_of_its_own() -> None:
    families = {family.name for family in signs.load().families} - {"strain"}
    seen = {
        reason for levels in CASES.values() for texts in levels.values() for t in texts for reason in read(t).reasons
    }
    assert families <= seen


@pytest.mark.parametrize(
    ("text", "third_person"),
    [
        ("我不想活了", False),
        ("妈妈，我不想活了", False),
        ("我一想到孩子就舍不得，可是真的不想活了", False),
        ("他不要我了，我想跳楼", False),
        ("我儿子说不想活了", True),
        ("闺蜜给我打电话，说想跳楼", True),
        ("怎么劝一个想自杀的人", True),
        ("老公正在打我", False),
        ("隔壁正在打老婆", True),
    ],
)
def test_who_is_in_danger(text: str, third_person: bool) -> None:
    found = read(text)
    assert (found.level, found.third_person) == ("crisis", third_person)


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("我上初二，不想活了", True),
        ("我十一岁，想死", True),
        ("我17岁，不想活了", True),
        ("同桌说她想跳楼", True),
        ("孩子坐在窗台上，说要跳", True),
        ("我28岁，不想活了", False),
        ("我六十三岁，不想活了", False),
    ],
)
def test_minors_are_noticed(text: str, minor: bool) -> None:
    assert read(text).minor is minor


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("我吃了一整瓶安眠药", "medicine"),
        ("老伴喝了农药", "pesticide"),
        ("我在天台，想跳下去", "height"),
        ("我要割腕", "blade"),
        ("绳子买好了，我要上吊", "rope"),
        ("我要跳江", "water"),
        ("我不想活了", None),
    ],
)
def test_means_are_named(text: str, means: str | None) -> None:
    assert read(text).means == means


def test_violence_is_marked() -> None:
    assert read("老公正在打我").violence
    assert not read("我不想活了").violence


def test_denial_is_marked() -> None:
    assert read("我没有想自杀，只是睡不着").denied
    assert not read("我想自杀").denied


def test_reasons_name_the_families() -> None:
    assert "method" in read("我想跳楼").reasons
    assert read("今天天气不错").reasons == ()


def test_signs_are_plain_json() -> None:
    found = read("我同学说想跳楼").signs()

    assert found["third_person"] is True
    assert found["means"] == "height"
    assert isinstance(found["reasons"], list)
    assert "level" not in found


@pytest.mark.parametrize("text", ["", " ", "?", "🙂", "\u25a1\u25a1"])
def test_nothing_is_found_in_nothing(text: str) -> None:
    assert read(text) == Assessment()
