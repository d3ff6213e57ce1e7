"""Short texts that are understood for certain: word for word as in the training data, under one label only.

Buttons send their title as text, so this makes a tap mean the same on every channel, whatever the classifier thinks.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from bot.nlu.ngrams import canonical

LONGEST = 12  # characters; longer texts are no buttons
FILE = "known_phrases.json"


class KnownPhrases:
    """Label by canonical text."""

    def __init__(self, labels: dict[str, str]) -> None:
        self._labels = labels

    @classmethod
    def learn(cls, examples: Iterable[tuple[str, str]]) -> KnownPhrases:
        """From (normalised text, label); a text under two labels is not known for certain."""
        labels: dict[str, set[str]] = {}
        for text, label in examples:
            if len(text) <= LONGEST and not any(c.isdigit() for c in text):
                labels.setdefault(canonical(text), set()).add(label)
        return cls({text: found.pop() for text, found in labels.items() if len(found) == 1})

    def label(self, text: str) -> str | None:
        """The label of a normalised text, if it is known."""
        return self._labels.get(canonical(text)) if len(text) <= LONGEST else None

    def save(self, directory: Path) -> None:
        (directory / FILE).write_text(json.dumps(self._labels, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, directory: Path) -> KnownPhrases:
        return cls(json.loads((directory / FILE).read_text(encoding="utf-8")))
