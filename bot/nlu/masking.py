"""Hides the numbers of an address, a phone and a ticket before classification: what they are matters, not their digits.

Without this, a report that carries a whole address and a phone number looks like a bare piece of data, and every
message with a ticket number like a question about its progress.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.nlu.entities import Span

# Private-use characters: one "letter" each for the n-grams.
ADDRESS, PHONE, TICKET = "\ue000", "\ue001", "\ue002"
MASKS = {
    "building": ADDRESS,
    "unit": ADDRESS,
    "floor": ADDRESS,
    "room": ADDRESS,
    "phone": PHONE,
    "ticket": TICKET,
    "identity": PHONE,
}
_AGAIN = re.compile(f"({ADDRESS})(?:[ ,，、-]{{0,2}}{ADDRESS})+")


def mask(text: str, spans: Iterable[Span]) -> str:
    """The text with each of those spans as one character; neighbouring parts of an address as a single one."""
    result, end = [], 0
    for span in sorted(spans, key=lambda each: (each.start, -each.end)):
        character = MASKS.get(span.entity)
        if character is None or span.start < end:
            continue
        result += [text[end : span.start], character]
        end = span.end
    return _AGAIN.sub(r"\1", "".join([*result, text[end:]]))
