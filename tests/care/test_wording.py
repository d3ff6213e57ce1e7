"""The words themselves: short, plain, each said in one place, none that the guidance warns of."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from bot.care import readings, wording
from bot.care.paths import PATHS

SETTINGS = {"paths", "instead", "also", "stay", "requests"}
# WHO's and the hotline guideline's warnings, and the red items of VERA-MH on tone and boundaries
WARNED_OF = (
    "想开|别想太多|坚强|加油|珍惜生命|自私|不值得|为了(?:父母|孩子|家人)想|一切都会好|没什么大不了|比你(?:惨|苦)|不应该这样想"
    "|保证(?:不|会)|你必须|您必须|答应我(?:不|别)|我会保密|替[你您]保密|没有别人懂|只有我"
    "|抑郁症|双相|焦虑症|精神病|您这是|自杀成功|自杀未遂|解脱|！"
)


def texts(content: Any) -> Iterator[str]:
    """Every text of the file; lists of `buttons` are words for a finger."""
    if isinstance(content, str):
        yield content
    elif isinstance(content, list):
        for each in content:
            yield from texts(each)
    elif isinstance(content, dict):
        for key, each in content.items():
            if key not in ("buttons", "lines", "always_known", "line_known", "extra"):
                yield from texts(each)


ALL = [text for key, part in wording.content().items() if key not in SETTINGS for text in texts(part)]


def quoted_out(text: str) -> str:
    """Without what stands in quotation marks: words that others should not, or could, say."""
    return re.sub("「[^」]*」", "", text)


@pytest.mark.parametrize("text", ALL)
def test_text_is_short_and_asks_one_thing(text: str) -> None:
    assert len(text) <= 75
    assert text.count("？") <= 1
    assert text[-1] in "。？", text


@pytest.mark.parametrize("text", ALL)
def test_text_says_nothing_the_guidance_warns_of(text: str) -> None:
    assert not re.search(WARNED_OF, quoted_out(text))


def test_no_sentence_stands_twice() -> None:
    counted = Counter(sentence for text in ALL for sentence in wording.sentences(text))
    assert [sentence for sentence, count in counted.items() if count > 1] == []


@pytest.mark.parametrize("pool", ["heard", "heard_brief", "crisis", "urgent", "silence", "anger"])
def test_what_is_said_often_has_many_variants(pool: str) -> None:
    assert len(wording.variants(f"react.{pool}")) >= 4


@pytest.mark.parametrize("path", PATHS)
def test_every_path_is_complete(path: str) -> None:
    content = wording.content()
    questions = [*content["paths"][path], *(name for part in content["instead"].values() for name in part.values())]
    questions += [name for part in content["also"].values() for name in part.values()]
    assert all(wording.has(f"steps.{name}.ask") for name in questions)
    for name in content["stay"][path]:
        assert wording.has(f"steps.{name}.ask") or len(wording.variants(f"pools.{name}")) >= 4
    assert wording.has(f"back.{path}")


@pytest.mark.parametrize("question", wording.content()["steps"])
def test_every_question_takes_each_answer(question: str) -> None:
    assert set(wording.variants(f"steps.{question}.answered")) >= {readings.YES, readings.NO}


@pytest.mark.parametrize("question", wording.content()["steps"])
def test_every_quick_reply_is_understood(question: str) -> None:
    buttons = wording.content()["steps"][question].get("buttons", ())
    assert all(readings.answer(question, readings.plain(button)) for button in buttons)


def test_every_signal_and_theme_has_words() -> None:
    assert all(wording.has(f"react.{name}") for name in readings.patterns().signals)
    assert all(wording.has(f"themes.{name}") for name in readings.patterns().themes)


def test_first_words_name_the_program_and_the_human() -> None:
    for path in PATHS:
        if path == "acting":
            continue
        for text in wording.variants(f"open.{path}"):
            assert re.search("机器人|程序", text)
            assert "值班人员" in text
