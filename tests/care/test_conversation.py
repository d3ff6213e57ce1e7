"""The turns that the world around the resident decides: hours, people, days, other wishes."""

from __future__ import annotations

import dataclasses
import re

import pytest

from tests.care.players import HOTLINES, Player, play

DAY = 24 * 60


def test_hotline_that_sleeps_is_not_offered_as_open() -> None:
    asleep = dataclasses.replace(HOTLINES[0], open_now=False)
    player = play(["不想活了"], hotlines=(asleep, *HOTLINES[1:]))
    numbers = player.spoken[0].texts[-1]
    assert "没开" in numbers
    assert "0790-5550110" in numbers
    assert "每天 6:00–24:00" in numbers


def test_numbers_are_given_without_any_list() -> None:
    assert all(number in play(["不想活了"], hotlines=()).transcript for number in ("12356", "120", "110"))


def test_named_person_is_told_once() -> None:
    player = play(["不想活了"])
    player.answered_by = "周敏"
    first = player.say("有")
    second = player.say("没有")
    assert any("周敏" in text for text in first.texts)
    assert not any("周敏" in text for text in second.texts)


def test_another_named_person_is_told_again() -> None:
    player = play(["不想活了", "有"], answered_by="周敏")
    player.answered_by = "李强"
    assert any("李强" in text for text in player.say("没有").texts)


def test_closed_alarm_lets_the_dialogue_go_on() -> None:
    player = play(["不想活了", "有"])
    player.closed = True
    reply = player.say("附近哪里有食堂")
    assert reply.released
    assert reply.texts == ()
    assert not player.careful
    assert player.say("你好") is None


def test_crisis_after_a_closed_alarm_begins_again() -> None:
    player = play(["不想活了", "有", "没有"])
    player.closed = True
    reply = player.say("我还是想死")
    assert reply.careful
    assert "又" in reply.texts[0]
    assert reply.buttons == ("有", "没有", "说不清")


def test_crisis_after_staff_ended_the_mode_is_known_again() -> None:
    player = play(["不想活了", "有", "没有"])
    player.careful = False  # staff closed it and took the mode back
    texts = player.say("我想死", minutes=3 * DAY).texts
    assert "又" in texts[0]
    assert "120" in texts[-1]


GREETINGS = {
    "不想活了": "您",
    "我同学说要自杀怎么办": "他|她",
    "我吞了一瓶安眠药": "医生|身体",
    "老公正在打我": "安全|他",
}


@pytest.mark.parametrize(("first", "expected"), GREETINGS.items())
def test_next_day_is_greeted_with_care(first: str, expected: str) -> None:
    player = play([first, "嗯"])
    reply = player.say("在吗", minutes=DAY)
    assert reply.careful
    assert any(part in reply.texts[0] for part in expected.split("|"))
    assert any(word in reply.texts[0] for word in ("又", "回来", "看到"))


def test_questions_begin_again_the_next_day() -> None:
    player = play(["不想活了", "有", "没有", "有人在"])
    player.say("在吗", minutes=DAY)
    later = [player.say(text) for text in ("难受", "还是难受", "嗯", "不知道")]
    assert any("身边" in text or "手边" in text for reply in later for text in reply.texts)


def test_gentle_question_is_asked_once_a_day() -> None:
    player = play(["活着没意思", "没有"])
    again = player.say("活着没意思")
    assert not any("死" in text or "不想活了？" in text for text in again.texts)
    tomorrow = player.say("活着没意思", minutes=DAY + 10)
    assert any("不想活" in text for text in tomorrow.texts)


def test_gentle_question_does_not_hold_up_another_wish() -> None:
    player = play(["活着没意思"])
    reply = player.say("附近有没有修水管的", intent="find_service", confidence=0.9)
    assert reply.released
    assert player.say("你好") is None


def test_request_is_answered_and_the_question_comes_back() -> None:
    player = play(["不想活了", "有", "没有"])
    reply = player.say("老年食堂在哪", intent="find_service", confidence=0.9)
    assert "记下了" in reply.texts[0] or "值班的人" in reply.texts[0]
    assert "？" in reply.texts[0]


def test_unsure_intent_is_read_as_talk() -> None:
    player = play(["不想活了", "有", "没有"])
    reply = player.say("家里到处都漏，像我一样", intent="report_property", confidence=0.4)
    assert "修的事" not in reply.texts[0]


def test_picture_is_kept_for_the_human() -> None:
    reply = play(["不想活了"]).say("。", has_picture=True)
    assert "图" in reply.texts[0]


def test_quick_replies_stand_under_the_question() -> None:
    assert play(["不想活了"]).spoken[0].buttons == ("有", "没有", "说不清")


def test_violence_is_answered_in_few_words() -> None:
    player = play(["老公正在打我", "不", "不能", "嗯", "嗯", "嗯"])
    assert all(len(reply.texts[0]) <= 60 for reply in player.spoken[1:])


def test_nobody_is_told_to_let_the_danger_in() -> None:
    words = ["嗯", "不", "不知道", "人呢", "怎么还没人来", "12356打不通", "。", "别管我"]
    player = play(["老公正在打我", *words * 8])
    assert player.path == "violence"
    assert not re.search("开门|门打开|开着门|身边.{0,8}(?:叫|过来)|叫个人|叫一个", player.transcript)


def test_beaten_child_is_asked_as_a_child() -> None:
    player = play(["我12岁，我爸又在打我", "不", "能", "有", "老师"])
    assert player.path == "violence"
    assert "老师" in player.transcript
    assert not re.search("您|带上手机和孩子|你或孩子|娘家", player.transcript)


def test_learnt_crisis_takes_the_same_path() -> None:
    player = Player()
    reply = player.say("也就这样了", level="crisis", signs={"reasons": ["learnt"]})
    assert "结束自己生命" in reply.texts[0]
    assert reply.reasons == ("learnt",)
