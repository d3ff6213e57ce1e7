"""What was said before, and what the learnt model says."""

from __future__ import annotations

import pytest

from bot.nlu.crisis import learnt
from bot.nlu.crisis_guard import REMEMBERED, assess

DESPAIR = "活着真没意思，撑不下去了"


def likely(crisis: float, concern: float = 0.0) -> dict[str, float]:
    return {"none": 1 - crisis - concern, "concern": concern, "crisis": crisis}


@pytest.mark.parametrize(
    "text",
    [
        "没事了，照顾好我的猫",
        "再见",
        "对不起，爸妈",
        "我决定好了",
        "银行卡密码是我生日",
        "谢谢你听我说这么久，够了",
        "我在楼顶",
        "药就在手边",
        "不用管我了",
        "今晚就走",
    ],
)
def test_parting_after_despair_is_a_crisis(text: str) -> None:
    assert assess(text, None, recent=["你好", DESPAIR, "嗯"]).level == "crisis"
    assert "recent" in assess(text, None, recent=[DESPAIR]).reasons


@pytest.mark.parametrize("text", ["没事了", "算了", "谢谢", "就这样吧", "不说了"])
def test_going_quiet_after_despair_is_a_concern(text: str) -> None:
    assert assess(text, None, recent=[DESPAIR]).level == "concern"


@pytest.mark.parametrize("text", ["没事了，照顾好我的猫", "再见", "我决定好了", "谢谢", "没事了", "银行卡密码忘了"])
def test_the_same_words_after_small_talk_are_calm(text: str) -> None:
    assert assess(text, None, recent=["楼道灯坏了", "3栋2单元"]).level == "none"
    assert assess(text, None).level == "none"


def test_another_subject_after_despair_stays_calm() -> None:
    assert assess("楼道灯坏了", None, recent=[DESPAIR]).level == "none"


def test_despair_is_forgotten_after_a_while() -> None:
    assert assess("再见", None, recent=[DESPAIR, *["楼道灯坏了"] * REMEMBERED]).level == "none"


def test_parting_beside_despair_in_one_message_is_a_crisis() -> None:
    assert assess("活着好痛苦 真的想走了", None).level == "crisis"
    assert assess("活着好累", None).level == "concern"


def test_model_alone_is_enough_beside_a_word_of_danger() -> None:
    found = assess("最后这点东西就放在你那里", likely(learnt.CUED[0]))
    assert (found.level, found.reasons) == ("crisis", ("learnt",))
    assert assess("最后这点东西就放在你那里", likely(0.0, learnt.CUED[1])).level == "concern"


def test_model_must_be_surer_without_such_a_word() -> None:
    assert assess("我想当楼长", likely(learnt.PLAIN[0] - 0.01)).level != "crisis"
    assert assess("我想当楼长", likely(learnt.PLAIN[0])).level == "crisis"


@pytest.mark.parametrize("text", ["热死了，空调坏了", "昨晚那部电影里男主最后死了", "我要走了，去接孩子，再见"])
def test_harmless_frames_damp_a_moderate_model(text: str) -> None:
    assert assess(text, likely(learnt.CALM[1] - 0.01)).level == "none"
    assert assess(text, likely(learnt.CALM[0])).level == "crisis"


def test_denial_damps_to_a_concern() -> None:
    text = "我没有想自杀，只是睡不着"
    assert assess(text, likely(learnt.DENIED[0] - 0.01)).level == "concern"
    assert assess(text, likely(0.1)).level == "none"


def test_a_calm_model_lowers_no_pattern() -> None:
    assert assess("我想跳楼", likely(0.0)).level == "crisis"


def test_strain_counts_only_beside_the_model() -> None:
    assert assess("这排队系统我崩溃", None).level == "none"
    assert assess("这排队系统我崩溃", likely(0.0, learnt.SUPPORT_AT)).level == "concern"


def test_thresholds_are_ordered() -> None:
    for crisis_at, concern_at in (learnt.CUED, learnt.PLAIN, learnt.CALM, learnt.DENIED):
        assert 0 < concern_at <= crisis_at < 1
    assert learnt.CUED[0] < learnt.PLAIN[0] < learnt.CALM[0]
