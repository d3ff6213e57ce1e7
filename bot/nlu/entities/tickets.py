"""Ticket numbers, also as people mistype them."""

from __future__ import annotations

import re

from bot.community.numbering import normalise_number
from bot.nlu.entities.spans import Span, span_of

_DASH = r"[-‐-―−_.·~— ]"
_DAY = r"2[0Oo][\dOoIl]{2}[-/.年 ]?[\dOoIl]{2}[-/.月 ]?[\dOoIl]{2}日?"
_WITH_KIND = re.compile(
    rf"(?<![A-Za-z])(?:[Ww] ?[Yy]|[Bb] ?[Mm]|[Xx] ?[Ll]|[Bb] ?[Ss]|[Zz] ?[Xx]|[Jj] ?[Jj]){_DASH}{{0,2}}"
    rf"{_DAY}{_DASH}{{0,3}}[\dOoIl]{{1,9}}(?![\dA-Za-z])"
)
# Without its letters a number is taken for a repair, which most are, and only where a ticket is spoken of.
_WITHOUT_KIND = re.compile(rf"(?<![\dA-Za-z-])20\d{{6}}{_DASH}{{1,2}}\d{{1,4}}(?![\dA-Za-z-])")
_CUE = re.compile(r"单号|工单|编号|报修单|单子|进度|查|催|号码")
_DEFAULT_KIND = "WY"


def find(text: str) -> list[Span]:
    """Ticket numbers in the order of the text; the value is the number as it is stored."""
    found = [_span(text, match.start(), match.end(), match[0]) for match in _WITH_KIND.finditer(text)]
    if not any(found):
        found = [
            _span(text, match.start(), match.end(), _DEFAULT_KIND + match[0])
            for match in _WITHOUT_KIND.finditer(text)
            if match[0] == text or _CUE.search(text)
        ]
    return [span for span in found if span]


def _span(text: str, start: int, end: int, written: str) -> Span | None:
    number = normalise_number(written)
    return span_of("ticket", text, start, end, number) if number else None
