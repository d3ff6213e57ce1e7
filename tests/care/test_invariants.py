"""What holds whatever people write, however long they write."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.care.numbers import EVERY
from bot.care.wording import LONGEST, sentences
from tests.care.players import Player, play

ALWAYS = re.compile("120|110")
PERSONAS = yaml.safe_load((Path(__file__).parent / "personas.yml").read_text(encoding="utf-8"))
PLAIN_LINES = sorted({line for each in PERSONAS for line in each["say"] if isinstance(line, str)})
SHORT = [
    "有",
    "没有",
    "嗯",
    "。",
    "…",
    "😭",
    "不知道",
    "别管我",
    "谢谢",
    "没事了",
    "好",
    "不",
    "你是机器人吗",
    "一个人",
    "再见",
]
OPENINGS = ["不想活了", "我吞了一瓶安眠药", "我同学说要自杀怎么办", "老公正在打我", "我初二，想死", "楼上男的在打老婆"]
INTENTS = ["", "find_service", "report_property", "ask_human", "ask_hotline", "ticket_status", "affirm", "nlu_fallback"]

messages = st.fixed_dictionaries(
    {
        "text": st.one_of(st.sampled_from(PLAIN_LINES), st.sampled_from(SHORT), st.text(max_size=40)),
        "intent": st.sampled_from(INTENTS),
        "confidence": st.floats(0, 1),
        "minutes": st.sampled_from([0.2, 1, 5, 400, 3000]),
    }
)
opening = st.sampled_from(OPENINGS)
names = st.sampled_from(["path", "pending", "asked", "traits", "used", "turns", "last_at"])
junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner) | st.dictionaries(names, inner),
)
slowly = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def play_all(first: str, rest: list[dict]) -> Player:
    player = play([first])
    for each in rest:
        given_ = dict(each)
        player.say(given_.pop("text"), **given_)
    return player


@slowly
@given(opening, st.lists(messages, max_size=40))
def test_never_mute_and_never_over(first: str, rest: list[dict]) -> None:
    player = play_all(first, rest)
    assert all(reply is not None and reply.careful and not reply.released for reply in player.replies)
    assert all(text.strip() for reply in player.spoken for text in reply.texts)


@slowly
@given(opening, st.lists(messages, max_size=40))
def test_no_sentence_twice_in_a_row(first: str, rest: list[dict]) -> None:
    replies = play_all(first, rest).spoken
    for before, after in pairwise(replies):
        repeated = _sentences(before.texts) & _sentences(after.texts)
        assert not repeated, (before.texts, after.texts)


@slowly
@given(opening, st.lists(messages, max_size=40))
def test_number_that_always_answers_is_never_far(first: str, rest: list[dict]) -> None:
    replies = play_all(first, rest).spoken
    for start in range(len(replies) - EVERY):
        assert any(ALWAYS.search(text) for reply in replies[start : start + EVERY + 1] for text in reply.texts)


@slowly
@given(opening, st.lists(messages, max_size=40))
def test_one_short_question_at_a_time(first: str, rest: list[dict]) -> None:
    for reply in play_all(first, rest).spoken:
        assert sum(text.count("？") for text in reply.texts) <= 1, reply.texts
        assert all(len(text) <= LONGEST for text in reply.texts), reply.texts
        assert len(reply.texts) <= 4


@slowly
@given(opening, st.lists(messages, max_size=30))
def test_same_words_give_the_same_conversation(first: str, rest: list[dict]) -> None:
    assert play_all(first, rest).transcript == play_all(first, rest).transcript


@slowly
@given(junk)
def test_a_broken_memory_breaks_nothing(stored: object) -> None:
    player = Player(stored=stored)
    assert player.say("不想活了") is not None


def test_an_hour_of_single_letters_is_answered_in_many_ways() -> None:
    player = play(["不想活了", *["嗯", "。", "不知道", "没有"] * 18])
    leading = [reply.texts[0] for reply in player.spoken]
    assert len(leading) == 73
    assert len(set(leading)) >= 50
    assert max(leading.count(text) for text in leading) <= 3


def _sentences(texts: tuple[str, ...]) -> set[str]:
    return {sentence for text in texts for sentence in sentences(text)}
