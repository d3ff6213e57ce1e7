"""Chinese numerals to digits."""

from __future__ import annotations

import pytest

from bot.nlu.entities.numerals import digits_of, read_out


@pytest.mark.parametrize(
    ("written", "digits"),
    [
        ("三", "3"), ("十", "10"), ("十二", "12"), ("二十", "20"), ("二十三", "23"), ("一百零二", "102"),
        ("五零一", "501"), ("零八零二", "0802"), ("幺零幺", "101"), ("五百零一", "501"), ("十二零三", "1203"),
        ("二十一零二", "2102"), ("〇三", "03"), ("501", "501"), ("0302", "0302"), ("a", "A"), ("12b", "12B"),
        ("甲", "甲"),
    ],
)  # fmt: skip
def test_numeral_becomes_digits(written: str, digits: str) -> None:
    assert digits_of(written) == digits


def test_read_out_leaves_other_characters() -> None:
    assert read_out("幺三九 0000-一二三四") == "13900001234"
