"""No message can make the guard or the urgency hang, and their patterns can't be written so that one could."""

from __future__ import annotations

import time

import pytest

from bot.nlu import urgency
from bot.nlu.crisis_guard import Assessment, assess
from bot.nlu.normaliser import normalise
from bot.nlu.patterns import WordLists

HOSTILE = [
    "想" * 100_000,
    "我想死" * 33_000,
    "我被他打" * 25_000,
    "从楼上从窗口" * 17_000,
    "药都吃了" * 25_000,
    "不是没有不会没" * 14_000,
    "煤气电梯水管老人" * 12_000,
    "我 " * 50_000,
    "a1," * 33_000,
]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:6])
def test_hostile_message_is_read_in_time(text: str) -> None:
    plain = normalise(text)
    begin = time.perf_counter()
    urgency.rate(plain, None, assess(plain, None, recent=[plain]))
    assert time.perf_counter() - begin < 1.0


def test_time_grows_with_the_length_only() -> None:
    def seconds(text: str) -> float:
        begin = time.perf_counter()
        assess(text, None)
        urgency.rate(text, None, Assessment())
        return time.perf_counter() - begin

    unit = "我被他打从楼上药都吃了没有想"
    seconds(unit * 20)
    assert seconds(unit * 800) < 12 * max(seconds(unit * 200), 0.01)


@pytest.mark.parametrize("pattern", ["死.*", "死+", "死{2,}", "(?:a|b)*"])
def test_unbounded_patterns_are_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match="upper bound"):
        WordLists({}).compile(pattern)


def test_lists_may_use_lists_before_them() -> None:
    words = WordLists({"animal": "cat dog", "pet": "{animal} bird"})
    assert words.compile("a {pet}").search("a dog")
    with pytest.raises(KeyError):
        words.compile("{nobody}")
