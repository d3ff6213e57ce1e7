"""What a message wants: the intent and the category, chosen in two stages.

A label of the linear model is an intent with its category ("report_property/leak_plumbing"). Probabilities of labels
are summed to domains first; then the best label inside the best domain wins. On real letters this refuses better and
helps psychology against one flat choice (docs/understanding.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bot.community import taxonomy
from bot.nlu.known_phrases import KnownPhrases
from bot.nlu.linear_model import LinearTextModel

# Below both, the chat asks what is meant (docs/understanding.md: how often the best reading is right there).
SURE_OF_DOMAIN = 0.45
SURE_OF_LABEL = 0.3

ACT = "act"  # the domain of intents that only mean something inside a dialogue (skip, choose, ...)


@dataclass(frozen=True)
class Candidate:
    """One possible reading of a message; category and domain are None for dialogue acts."""

    intent: str
    category: str | None
    domain: str | None
    confidence: float


@dataclass(frozen=True)
class Reading:
    """The chosen reading, and the others, best first."""

    best: Candidate
    alternatives: tuple[Candidate, ...]
    domain_confidence: float

    @property
    def sure(self) -> bool:
        """Whether to act on the best reading rather than to ask."""
        return self.domain_confidence >= SURE_OF_DOMAIN or self.best.confidence >= SURE_OF_LABEL


def join_label(intent: str, category: str | None) -> str:
    return f"{intent}/{category}" if category else intent


def split_label(label: str) -> tuple[str, str | None]:
    intent, _, category = label.partition("/")
    return intent, category or None


class CategoryModel:
    """Classifies normalised texts."""

    def __init__(self, model: LinearTextModel, known: KnownPhrases) -> None:
        self.model = model
        self.known = known
        parts = [split_label(label) for label in model.labels]
        self._parts = [
            (intent, category, taxonomy.category(category).domain if category else ACT) for intent, category in parts
        ]
        domains = sorted({domain for _, _, domain in self._parts})
        self._domains = domains
        self._membership = np.zeros((len(parts), len(domains)), dtype=np.float32)
        for row, (_, _, domain) in enumerate(self._parts):
            self._membership[row, domains.index(domain)] = 1.0

    @classmethod
    def train(cls, texts: Sequence[str], labels: Sequence[str]) -> CategoryModel:
        """texts are normalised; labels as made by join_label."""
        return cls(LinearTextModel.train(texts, labels), KnownPhrases.learn(zip(texts, labels, strict=True)))

    def read(self, texts: Sequence[str], *, alternatives: int = 3) -> list[Reading]:
        """The reading of each text, in order."""
        rows = self.model.probabilities(texts)
        return [self._choose(self._certain(text, row), alternatives) for text, row in zip(texts, rows, strict=True)]

    def _certain(self, text: str, probabilities: np.ndarray) -> np.ndarray:
        """The probabilities, or 1.0 for the label of a known phrase."""
        label = self.known.label(text)
        if label is None:
            return probabilities
        certain = np.zeros_like(probabilities)
        certain[self.model.labels.index(label)] = 1.0
        return certain

    def _choose(self, probabilities: np.ndarray, alternatives: int) -> Reading:
        by_domain = probabilities @ self._membership
        domain = int(np.argmax(by_domain))
        inside = probabilities * self._membership[:, domain]
        best = int(np.argmax(inside))
        others = [int(i) for i in np.argsort(-probabilities)[: alternatives + 1] if i != best][:alternatives]
        return Reading(
            self._candidate(best, float(probabilities[best])),
            tuple(self._candidate(i, float(probabilities[i])) for i in others),
            float(by_domain[domain]),
        )

    def _candidate(self, index: int, confidence: float) -> Candidate:
        intent, category, domain = self._parts[index]
        return Candidate(intent, category, None if domain == ACT else domain, confidence)

    def save(self, directory: Path) -> None:
        self.model.save(directory)
        self.known.save(directory)

    @classmethod
    def load(cls, directory: Path) -> CategoryModel:
        return cls(LinearTextModel.load(directory), KnownPhrases.load(directory))
