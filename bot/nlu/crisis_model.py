"""The learnt half of the crisis guard: how likely a message is none, concern or crisis (taxonomy.yml)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bot.community.taxonomy import CRISIS_LEVELS
from bot.nlu.linear_model import LinearTextModel

Likelihood = dict[str, float]  # crisis level -> probability


class CrisisModel:
    """Classifies normalised texts into crisis levels."""

    def __init__(self, model: LinearTextModel) -> None:
        if set(model.labels) != set(CRISIS_LEVELS):
            raise ValueError(f"a crisis model needs the labels {CRISIS_LEVELS}, this one has {model.labels}")
        self.model = model

    @classmethod
    def train(cls, texts: Sequence[str], levels: Sequence[str]) -> CrisisModel:
        return cls(LinearTextModel.train(texts, levels))

    def levels(self, texts: Sequence[str]) -> list[Likelihood]:
        """The probability of each level, for each text."""
        return [
            {level: float(p) for level, p in zip(self.model.labels, row, strict=True)}
            for row in self.model.probabilities(texts)
        ]

    def save(self, directory: Path) -> None:
        self.model.save(directory)

    @classmethod
    def load(cls, directory: Path) -> CrisisModel:
        return cls(LinearTextModel.load(directory))
