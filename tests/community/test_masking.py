"""What reviewers may not read is hidden however it is written; the rest stays readable."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.community.masking import mask

PRIVATE = {
    "我电话13900001234": "我电话[号码]",
    "139 0000 1234 打给我": "[号码] 打给我",
    "139-0000-1234": "[号码]",
    "１３９００００１２３４": "[号码]",
    "幺三九零零零零幺二三四": "[号码]",
    "1️⃣3️⃣9️⃣0️⃣0️⃣0️⃣0️⃣1️⃣2️⃣3️⃣4️⃣": None,
    "座机 0790-5550123": "座机 [号码]",
    "身份证36050219900101123X": "身份证[号码]",
    "卡号 6222 0000 1111 2222 333": "卡号 [号码]",
    "住3栋2单元501": "住＊栋＊单元＊",
    "住十二号楼三单元五零一室": "住＊号楼＊单元＊室",
    "3-2-501 漏水": "＊-＊-＊ 漏水",
    "车牌赣K12345停在这": "车牌[车牌]停在这",
    "我叫李小明，家里漏水": "我叫[姓名]，家里漏水",
}
KEPT = ("打12345没人接", "110和120", "工单WY20261123-0001到哪了", "2026-11-23 停水", "等了三天了", "找一下社区")


@pytest.mark.parametrize("text", PRIVATE)
def test_private_is_hidden(text: str) -> None:
    hidden = mask(text)
    assert "1234" not in hidden
    assert PRIVATE[text] is None or hidden == PRIVATE[text]


@pytest.mark.parametrize("text", KEPT)
def test_public_stays(text: str) -> None:
    assert mask(text) == text


def test_known_names_are_hidden() -> None:
    assert mask("我是王小芳，叫我王小芳就行", ["王小芳", "王"]) == "我是王＊＊，叫我王＊＊就行"


@given(st.text(), st.lists(st.text()))
def test_any_text_can_be_masked(text: str, names: list[str]) -> None:
    mask(text, names)


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), st.sampled_from(["", " ", "-", "，", "."]))
def test_no_phone_gets_through(phone: str, between: str) -> None:
    assert phone[-4:] not in mask(f"电话{between.join(phone)}谢谢")
