"""All that is understood of one message, put together: the triage object of DESIGN.md, section 3.

Rasa's graph components in `components.py` and `python -m bot triage` both come through here, so that the chat and
the command can't disagree.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.nlu import crisis_guard, urgency
from bot.nlu.advice import advice_for
from bot.nlu.category_model import Candidate, CategoryModel, Reading
from bot.nlu.crisis_model import CrisisModel
from bot.nlu.entities import Entities, extract
from bot.nlu.entities.places import Places
from bot.nlu.normaliser import normalise

CRISIS_INTENT = "crisis"


@dataclass(frozen=True)
class Understanding:
    """One message as understood. text is as written, normalised is what was read."""

    text: str
    normalised: str
    reading: Reading
    entities: Entities
    crisis: crisis_guard.Assessment
    urgency: urgency.Urgency

    @property
    def intent(self) -> str:
        """The intent for the dialogue: a crisis outranks whatever the message is about."""
        return CRISIS_INTENT if self.crisis.level == "crisis" else self.reading.best.intent

    def as_triage(self) -> dict[str, Any]:
        """The triage object; plain JSON."""
        best = self.reading.best
        domain, category = (best.domain, best.category)
        if self.crisis.level == "crisis" and domain != "psychology":
            domain, category = "psychology", "other_psychology"
        return {
            "intent": self.intent,
            "confidence": round(best.confidence, 4),
            "domain": domain or "meta",
            "category": category,
            "alternatives": [_brief(candidate) for candidate in self.reading.alternatives],
            "urgency": self.urgency.level,
            "urgency_reasons": list(self.urgency.reasons),
            "crisis": self.crisis.level,
            "crisis_signs": self.crisis.signs(),
            "entities": self.entities.values,
            "advice": advice_for(self.urgency, self.crisis.level),
        }


def _brief(candidate: Candidate) -> dict[str, Any]:
    return {
        "intent": candidate.intent,
        "domain": candidate.domain or "meta",
        "category": candidate.category,
        "confidence": round(candidate.confidence, 4),
    }


class Understander:
    """The models and the rules together. Works, more roughly, when a model is missing."""

    def __init__(self, categories: CategoryModel, crisis: CrisisModel | None, places: Places) -> None:
        self.categories = categories
        self.crisis = crisis
        self.places = places

    @classmethod
    def load(cls, directory: Path, places: Places) -> Understander:
        """Read the models that training wrote into `directory/category` and `directory/crisis`."""
        return cls(CategoryModel.load(directory / "category"), CrisisModel.load(directory / "crisis"), places)

    def understand(self, texts: Sequence[str], *, now: datetime) -> list[Understanding]:
        """Each text by itself, in order. now: aware; relative times count from it."""
        normalised = [normalise(text) for text in texts]
        readings = self.categories.read(normalised)
        learnt = self.crisis.levels(normalised) if self.crisis else [None] * len(texts)
        return [
            self._combine(text, plain, reading, guess, now)
            for text, plain, reading, guess in zip(texts, normalised, readings, learnt, strict=True)
        ]

    def _combine(self, text: str, plain: str, reading: Reading, learnt: Any, now: datetime) -> Understanding:
        assessment = crisis_guard.assess(plain, learnt)
        found = extract(plain, places=self.places, now=now)
        level = urgency.rate(plain, reading.best.category, assessment)
        return Understanding(text, plain, reading, found, assessment, level)
