"""Sections 3.1 to 3.3: passive XML, length, tappable text."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.wechat import replies
from bot.channels.wechat.xml import parse
from tests.channels.wechat.conftest import OpenTown, Town
from tests.channels.wechat.platform import Account

BUTTONS = [{"title": "我要报修", "payload": "我要报修"}, {"title": "转人工", "payload": "/ask_human"}]
LINK = '<a href="https://example.org/guide?id=1">怎么办理</a>'


def test_passive_reply_swaps_the_names_and_has_integer_seconds() -> None:
    fields = parse(replies.passive("您好", openid="o1", account="gh_1").encode())
    assert (fields["ToUserName"], fields["FromUserName"], fields["MsgType"]) == ("o1", "gh_1", "text")
    assert re.fullmatch(r"\d{10}", fields["CreateTime"])


def test_no_text_is_success_and_no_empty_content() -> None:
    assert replies.passive("", openid="o1", account="gh_1") == "success"


async def test_end_of_cdata_in_an_answer_arrives_whole(town: Town) -> None:
    town.intake.says["你好"] = [{"text": "a]]>b<xml>"}]
    assert (await town.platform.say("o1", "你好")).shown == "a]]>b<xml>"


async def test_newline_is_a_real_newline(town: Town) -> None:
    town.intake.says["你好"] = [{"text": "一\n二"}]
    assert (await town.platform.say("o1", "你好")).shown == "一\n二"


async def test_several_messages_are_one_passive_text(town: Town) -> None:
    """One delivery carries at most one passive reply."""
    town.intake.says["你好"] = [
        {"text": "一"},
        {"text": "二", "buttons": BUTTONS[:1]},
        {"image": "https://example.org/p.jpg"},
    ]
    told = await town.platform.say("o1", "你好")
    assert told.shown is not None
    assert told.shown.split("\n\n")[:2] == ["一", "二"]
    assert '<a href="https://example.org/p.jpg">查看图片</a>' in told.shown


async def test_long_answer_is_split_and_the_rest_follows_by_api(town: Town) -> None:
    sentences = [f"第{number}条是这样办理的，请带好身份证和户口本。" for number in range(60)]
    town.intake.says["办事"] = [{"text": "".join(sentences)}]
    told = await town.platform.say("o1", "办事")
    await town.until(lambda: len(town.screen("o1")) == 3)
    assert told.shown == town.screen("o1")[0]
    assert "".join(town.screen("o1")) == "".join(sentences)
    again = await town.platform.say("o1", "再来")
    assert again.shown == "收到：再来"


async def test_long_answer_without_the_right_to_send_is_read_on_by_a_word(open_town: OpenTown) -> None:
    town = await open_town(Account(kind="subscription", verified=False))
    sentences = [f"第{number}条是这样办理的，请带好身份证和户口本。" for number in range(60)]
    town.intake.says["办事"] = [{"text": "".join(sentences)}]
    shown = [(await town.platform.say("o1", text)).shown or "" for text in ("办事", "继续", "继续")]
    plain = "".join(text.replace("（还没说完，回复「继续」接着看）", "").strip() for text in shown)
    assert plain == "".join(sentences)
    assert [("继续" in text) for text in shown] == [True, True, False]
    assert not town.platform.faults_seen


@pytest.mark.parametrize(
    "text", ["好" * 5000, "a" * 5000, "😀" * 2000, "。" * 3000, "好" * 599 + "😀" * 5, "\n" * 3000]
)
def test_pieces_keep_both_limits(text: str) -> None:
    for piece in replies.split([text]):
        assert len(piece.encode("utf-16-le")) // 2 <= 600
        assert len(piece.encode()) <= 2048


def test_pieces_end_at_sentence_ends() -> None:
    text = "这是一句完整的话。" * 100
    assert all(piece.endswith("。") for piece in replies.split([text]))


def test_link_is_never_cut() -> None:
    text = "说明" * 290 + LINK + "说明" * 290
    assert sum(piece.count(LINK) for piece in replies.split([text])) == 1


def test_link_too_long_for_any_message_becomes_its_label() -> None:
    pieces = replies.split([f'<a href="https://example.org/">{"好" * 1500}</a>'])
    assert "".join(pieces) == "好" * 1500
    assert all(map(replies.is_short_enough, pieces))


def test_emoji_of_several_signs_is_never_cut() -> None:
    family = "👨‍👩‍👧"
    assert all(not piece.replace(family, "") for piece in replies.split([family * 300]))


@given(st.text(st.sampled_from("好a。！\n😀\u200d<>/&\"'"), max_size=3000))
def test_nothing_but_blanks_is_lost_in_splitting(text: str) -> None:
    pieces = replies.split([text])
    assert "".join("".join(pieces).split()) == "".join(text.split())
    assert all(replies.is_short_enough(piece) for piece in pieces)


@given(st.lists(st.text("好。\n", max_size=900), max_size=6))
def test_joining_keeps_order_and_limits(texts: list[str]) -> None:
    fitted = replies.split(texts)
    assert "".join("".join(fitted).split()) == "".join("".join(texts).split())
    assert all(map(replies.is_short_enough, fitted))


def test_button_is_a_reply_link_that_says_its_text() -> None:
    text = replies.with_buttons("请选", BUTTONS)
    assert '<a href="weixin://bizmsgmenu?msgmenucontent=我要报修&msgmenuid=1">我要报修</a>' in text
    assert "msgmenucontent=转人工&" in text  # never a command


@pytest.mark.parametrize("title", ['a"b', "a&b", "a<b", "a>b"])
def test_button_with_forbidden_signs_is_text(title: str) -> None:
    text = replies.with_buttons("请选", [{"title": title, "payload": title}])
    assert "bizmsgmenu" not in text
    assert title in text


async def test_buttons_are_text_where_links_are_switched_off(open_town: OpenTown) -> None:
    town = await open_town(wechat_buttons="text")
    town.intake.says["你好"] = [{"text": "请选", "buttons": BUTTONS}]
    assert (await town.platform.say("o1", "你好")).shown == "请选\n\n回复「我要报修」\n回复「转人工」"


async def test_tapping_a_link_and_typing_its_label_are_the_same(town: Town) -> None:
    town.intake.says["你好"] = [{"text": "请选", "buttons": BUTTONS}]
    told = await town.platform.say("o1", "你好")
    assert (await town.platform.tap_link("o1", told.shown or "", "我要报修")).shown == "收到：我要报修"
    assert (await town.platform.say("o1", "我要报修")).shown == "收到：我要报修"
    assert [inbound.text for inbound in town.intake.taken[1:]] == ["我要报修", "我要报修"]


@pytest.mark.parametrize("address", ["javascript:alert(1)", 'https://example.org/"x', "file:///etc/passwd", ""])
def test_picture_that_is_no_address_is_left_out(address: str) -> None:
    assert replies.picture(address) == ""
