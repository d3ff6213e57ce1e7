"""What an extractor hands back, and the text with some of it taken away."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

EXTRACTOR = "ResidentUnderstanding"

# Stands for every character that an earlier extractor has explained; no pattern names it, so none matches across it.
TAKEN = "\ufffc"


@dataclass(frozen=True)
class Span:
    """One entity in the normalised text: text[start:end] was read as value."""

    entity: str
    start: int
    end: int
    value: Any
    text: str

    def as_entity(self) -> dict[str, Any]:
        """The span as Rasa lists entities of a message."""
        return {
            "entity": self.entity,
            "start": self.start,
            "end": self.end,
            "value": self.value,
            "extractor": EXTRACTOR,
        }


def span_of(entity: str, text: str, start: int, end: int, value: Any) -> Span:
    return Span(entity, start, end, value, text[start:end])


def take_away(text: str, ranges: Iterable[tuple[int, int]]) -> str:
    """The text, of the same length, with the ranges blanked out."""
    characters = list(text)
    for start, end in ranges:
        characters[start:end] = TAKEN * (end - start)
    return "".join(characters)
