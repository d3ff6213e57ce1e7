"""Every sentence of the YAML files beside this one: exactly these entities, and nothing else."""

from __future__ import annotations

import time
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.community.clock import LOCAL
from bot.nlu.entities import extract
from bot.nlu.entities.places import Places
from bot.nlu.normaliser import normalise

NOW = datetime(2026, 11, 24, 10, 30, tzinfo=LOCAL)  # a Tuesday
FILES = sorted(Path(__file__).parent.glob("*.yml"))
CASES = [(file.stem, case) for file in FILES for case in yaml.safe_load(file.read_text(encoding="utf-8"))]


def found_in(text: str, *, now: datetime = NOW) -> dict[str, Any]:
    return extract(normalise(text), places=Places.empty(), now=now).values


@pytest.mark.parametrize(("subject", "case"), CASES, ids=[f"{subject}-{case['say']}" for subject, case in CASES])
def test_sentence_gives_exactly_its_entities(subject: str, case: dict[str, Any]) -> None:
    assert found_in(case["say"]) == case["found"]


def test_no_sentence_stands_twice() -> None:
    twice = [say for say, count in Counter(case["say"] for _, case in CASES).items() if count > 1]
    assert twice == []


def test_spans_show_where_the_words_stand() -> None:
    text = normalise("我是阳光花园3栋2单元501的王女士，电话139 0000 1234，明天上午在家")
    spans = {span.entity: span for span in extract(text, places=Places.empty(), now=NOW).spans}
    assert {entity: text[span.start : span.end] for entity, span in spans.items()} == {
        "compound": "阳光花园",
        "building": "3栋2单元501",
        "unit": "3栋2单元501",
        "room": "3栋2单元501",
        "name": "王女士",
        "phone": "139 0000 1234",
        "time": "明天上午",
    }
    assert spans["phone"].as_entity() == {
        "entity": "phone",
        "start": spans["phone"].start,
        "end": spans["phone"].end,
        "value": "13900001234",
        "extractor": "ResidentUnderstanding",
    }


def test_identity_number_is_nowhere_in_the_result() -> None:
    found = extract("身份证360281199003071239", places=Places.empty(), now=NOW)
    values = [span.value for span in found.spans]
    assert values == [found.values["identity"]]
    assert "19900307" not in str(values)


@pytest.mark.parametrize(
    ("now", "text", "iso", "end"),
    [
        (datetime(2026, 11, 24, 16, 0, tzinfo=LOCAL), "下午三点来", "2026-11-25T15:00", None),
        (datetime(2026, 11, 24, 21, 0, tzinfo=LOCAL), "9点以后在家", "2026-11-25T09:00", None),
        (datetime(2026, 11, 24, 15, 0, tzinfo=LOCAL), "今天8点以后在家", "2026-11-24T20:00", None),
        (datetime(2026, 12, 31, 9, 0, tzinfo=LOCAL), "1月2号上午", "2027-01-02", None),
        (datetime(2026, 12, 31, 9, 0, tzinfo=LOCAL), "明天", "2027-01-01", None),
        (datetime(2026, 11, 29, 9, 0, tzinfo=LOCAL), "下周一", "2026-11-30", None),
        (datetime(2026, 11, 29, 9, 0, tzinfo=LOCAL), "这周末", "2026-11-28", "2026-11-29"),
        (datetime(2028, 2, 28, 9, 0, tzinfo=LOCAL), "明天", "2028-02-29", None),
    ],
)
def test_times_count_from_now(now: datetime, text: str, iso: str, end: str | None) -> None:
    found = found_in(text, now=now)["time"]
    assert (found["iso"], found["end"]) == (iso, end)


def test_times_are_those_of_shanghai() -> None:
    in_london = datetime.fromisoformat("2026-11-24T18:00:00+00:00")  # already the 25th in Shanghai
    assert found_in("明天", now=in_london)["time"]["iso"] == "2026-11-26"


@pytest.mark.parametrize("day", ["2月30号来", "13月1号", "31号下午25点", "99号楼99单元9999", "00:00", "24点"])
def test_impossible_numbers_are_borne(day: str) -> None:
    found_in(day, now=datetime(2026, 2, 10, 9, 0, tzinfo=LOCAL))


@pytest.mark.parametrize(
    "piece",
    ["3栋", "3-2-", "我是", "一二三四", "小区", "花园里", "139 ", "周一到", "下午三点到", "1", "XX", "姓名", "王",
     "0790-", "半小时", "WY2026", "3、", "(一期)", "在家", "路3号", " ", "联系人是",
     "从昨天开始", "现在", "嗯 ", "二区", "开发的", "市花园3-", "501 王", "东区大学",
     "阳光花园3栋2单元501王女士13900001234明天在家,"],
)  # fmt: skip
def test_long_text_takes_no_long_time(piece: str) -> None:
    text = (piece * 100_000)[:100_000]
    began = time.perf_counter()
    found_in(text)
    assert time.perf_counter() - began < 1.0
