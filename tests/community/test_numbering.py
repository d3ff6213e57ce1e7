from __future__ import annotations

import pytest

from bot.community.numbering import normalise_number


@pytest.mark.parametrize(
    "written",
    [
        "WY20261123-0001",
        "wy20261123-0001",
        "WY 20261123 - 1",
        "ＷＹ２０２６１１２３－０００１",
        "WY202611230001",
        "wy20261123—0001",
        "WY2O261123-OOO1",
        "WY2026-11-23-0001",
        "帮我查一下WY20261123-0001到哪一步了",
        "单号是：wy20261123_0001。谢谢",
    ],
)
def test_understands_how_people_write_a_number(written: str) -> None:
    assert normalise_number(written) == "WY20261123-0001"


def test_long_sequences_stay_whole() -> None:
    assert normalise_number("bm20261123-12345") == "BM20261123-12345"


@pytest.mark.parametrize(
    "written",
    ["", "WY", "20261123-0001", "WY20261332-0001", "WY20261123-0000", "AB20261123-0001", "13900001234", "3栋501"],
)
def test_finds_none_where_there_is_none(written: str) -> None:
    assert normalise_number(written) is None
