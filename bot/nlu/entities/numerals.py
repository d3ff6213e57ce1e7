"""Chinese numerals, as counted (十二) and as read out digit by digit (五零一)."""

from __future__ import annotations

_DIGITS = {"零": 0, "〇": 0, "幺": 1, "两": 2, "俩": 2, "壹": 1, "贰": 2, "叁": 3}
_DIGITS |= {character: value for value, character in enumerate("一二三四五六七八九", start=1)}
_UNITS = {"十": 10, "百": 100, "千": 1000}

HAN = "零〇一二三四五六七八九十百"  # numerals that name a building, a floor or a room
HAN_DIGIT = "零〇一二三四五六七八九幺"  # those that are read out one by one
_FIGURES = set("0123456789")


def is_numeral(text: str) -> bool:
    """Whether the text is nothing but Arabic or Chinese digits."""
    return bool(text) and all(
        character in _FIGURES or character in _DIGITS or character in _UNITS for character in text
    )


def digits_of(text: str) -> str:
    """The numeral in Arabic digits: 十二 → 12, 五零一 → 501, 十二零三 → 1203, 五百零一 → 501. Others in upper case."""
    if not is_numeral(text) or all(character in _FIGURES for character in text):
        return text.upper()
    spoken_room = _tens_then_digits(text)
    if spoken_room:
        return spoken_room
    if any(character in _UNITS for character in text):
        return str(_counted(text))
    return read_out(text)


def read_out(text: str) -> str:
    """Each character as a digit; characters that are none are left out."""
    return "".join(c if c in _FIGURES else str(_DIGITS[c]) for c in text if c in _FIGURES or c in _DIGITS)


def value_of(text: str) -> int:
    """The number that a numeral says."""
    return int(digits_of(text))


def _tens_then_digits(text: str) -> str | None:
    """十二零三: floor twelve, door three."""
    head, zero, tail = text.replace("〇", "零").partition("零")
    if zero and "十" in head and len(tail) == 1 and tail in _DIGITS and "百" not in head:
        return f"{_counted(head)}0{_DIGITS[tail]}"
    return None


def _counted(text: str) -> int:
    total, current = 0, 0
    for character in text:
        if character in _UNITS:
            total += (current or (1 if total == 0 or character == "十" else 0)) * _UNITS[character]
            current = 0
        else:
            current = current * 10 + (int(character) if character in _FIGURES else _DIGITS[character])
    return total + current
