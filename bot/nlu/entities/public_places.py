"""Public places in and around a compound: 小区南门, 地下车库, 3栋楼道."""

from __future__ import annotations

import re
from functools import lru_cache

from bot.nlu.entities.numerals import HAN
from bot.nlu.entities.spans import Span, span_of
from bot.nlu.entities.words import alternatives

_NAME = rf"(?:[A-Za-z]\d{{0,2}}|\d{{1,3}}[A-Za-z]?|[{HAN}]{{1,4}})"
_LEFT_END = rf"(?<![\dA-Za-z{HAN}几这那整每])"
_BUILDING = rf"{_NAME} ?(?:号楼|[栋幢座]|#楼?)"
_UNIT = rf"{_NAME} ?单元"
_SIDE = rf"(?:[东南西北]侧|负[一二三1-3]楼|[\d{HAN}]{{1,2}}楼)?"
_NOT_THERE = re.compile(r"(?:装|加装|修建|建设|增设|新建|规划|改造|没有)(?:个|一个|的)?$")


@lru_cache(maxsize=1)
def _patterns() -> tuple[re.Pattern[str], ...]:
    """A place of a certain building, one of its own, one of the compound."""
    anywhere = alternatives("places", "anywhere")
    of_building = alternatives("places", "of_building")
    of_compound = alternatives("places", "of_compound")
    return (
        re.compile(rf"{_LEFT_END}(?:{_BUILDING}(?: ?{_UNIT})?|{_UNIT})的?{of_building}"),
        re.compile(rf"{_LEFT_END}(?:{_BUILDING})?(?: ?{_UNIT})?{_SIDE}的?(?:小区|社区|院子)?{anywhere}"),
        re.compile(rf"小区(?:的|里的?|内的?)?{of_compound}"),
    )


def find(text: str) -> Span | None:
    """The first public place, one of a certain building before one of any."""
    for pattern in _patterns():
        for match in pattern.finditer(text):
            if not _NOT_THERE.search(text, max(0, match.start() - 4), match.start()):
                return span_of("place", text, match.start(), match.end(), match[0].strip().removeprefix("的"))
    return None
