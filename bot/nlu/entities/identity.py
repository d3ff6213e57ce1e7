"""Identity numbers: recognised only so that nobody stores or shows them."""

from __future__ import annotations

import re
from datetime import date

from bot.nlu.entities.spans import Span, span_of

_NUMBER = re.compile(
    r"(?<![\dA-Za-z])[1-9]\d{5} ?(?:\d{4} ?\d{2}\d{2} ?\d{3}[\dXx]|\d{2}\d{2}\d{2} ?\d{3})(?![\dA-Za-z])"
)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
_CUE = re.compile(r"身份证|证件|证号|身份号")
_CUE_REACH = 12


def find(text: str) -> list[Span]:
    """Identity numbers of 18 or 15 digits (GB 11643); the value holds the number masked, never the number."""
    found = []
    for match in _NUMBER.finditer(text):
        number = match[0].replace(" ", "").upper()
        named = _CUE.search(text, max(0, match.start() - _CUE_REACH), match.start())
        if named or _is_valid(number):
            found.append(span_of("identity", text, match.start(), match.end(), {"masked": _mask(number)}))
    return found


def _is_valid(number: str) -> bool:
    if not _has_birthday(number):
        return False
    if len(number) == 15:
        return True
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, number[:17], strict=True))
    return _CHECK[total % 11] == number[17]


def _has_birthday(number: str) -> bool:
    born = number[6:14] if len(number) == 18 else "19" + number[6:12]
    try:
        return 1900 <= date(int(born[:4]), int(born[4:6]), int(born[6:])).year <= 2100
    except ValueError:
        return False


def _mask(number: str) -> str:
    return number[:2] + "*" * (len(number) - 4) + number[-2:]
