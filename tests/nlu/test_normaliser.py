"""One spelling for the many ways in which people type."""

from __future__ import annotations

import time

import pytest

from bot.nlu.normaliser import MAX_LENGTH, normalise


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("３栋２单元５０１，电话：１３９", "3栋2单元501,电话:139"),
        ("三棟二單元五零一", "三栋二单元五零一"),
        ("想\u200b死\ufeff了", "想死了"),
        ("a\x00b\tc\r\nd", "a b c d"),
        ("哈哈哈哈哈哈", "哈哈"),
        ("救救救救命！！！！", "救救命!!"),
        ("😭😭😭😭", "😭😭"),
        ("[流泪][流泪][流泪]", "[流泪]"),
        ("我 不 想 活 了", "我不想活了"),
        ("我真的不 想 活 了 啊", "我真的不想活了啊"),
        ("不\n想\n活\n了", "不想活了"),
        ("不*想*活*了", "不想活了"),
        ("不.想.活.了", "不想活了"),
        ("不、想、活、了", "不想活了"),
        ("自*杀", "自杀"),
        ("  你好   师傅  ", "你好 师傅"),
        ("", ""),
        ("   ", ""),
    ],
)
def test_dodged_and_odd_spelling_becomes_plain(written: str, plain: str) -> None:
    assert normalise(written) == plain


@pytest.mark.parametrize(
    "text",
    ["3 栋 2 单元", "三-二-五零一", "一、二、三栋", "水、电、气都停", "幺三九零零零零", "10000元", "XXX小区", "某某某",
     "139 0000 1234", "2026-11-24 10:30", "3.5元", "幸福里 3栋 漏水"],
)  # fmt: skip
def test_numbers_lists_and_masks_stay(text: str) -> None:
    assert normalise(text) == text


@pytest.mark.parametrize("text", ["不*想*活*了", "我 不 想 活 了", "哈哈哈哈", "[流泪][流泪]", "三棟", "ＡＢＣ"])
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


def test_long_text_keeps_head_and_tail() -> None:
    plain = normalise("开头" + "中间的话" * 50_000 + "结尾")
    assert plain.startswith("开头")
    assert plain.endswith("结尾")
    assert len(plain) <= MAX_LENGTH


@pytest.mark.parametrize("piece", ["不*", "不.", "不、", "a ", "我 ", "[笑]", "[", "哈", "\u200b", "XX", "三-", "。"])
def test_long_text_takes_no_long_time(piece: str) -> None:
    text = (piece * 100_000)[:100_000]
    began = time.perf_counter()
    normalise(text)
    assert time.perf_counter() - began < 0.5
