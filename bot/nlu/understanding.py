"""All that is understood of one message, put together: the triage object of DESIGN.md, section 3.

Rasa's graph components in `components.py` and `python -m bot triage` both come through here, so that the chat and
the command can't disagree.
"""

from __future__ import annotations

import logging
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
from bot.nlu.masking import mask
from bot.nlu.normaliser import normalise

logger = logging.getLogger(__name__)

CRISIS_INTENT = "crisis"
UNSURE_INTENT = "nlu_fallback"
DESPAIR = ("psychology", "other_psychology")  # what a crisis is about, where the reading is about something else
VIOLENCE = ("safety", "police")


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
        """The intent for the dialogue: a crisis outranks whatever the message is about; a guess is called one."""
        if self.crisis.level == "crisis":
            return CRISIS_INTENT
        return self.reading.best.intent if self.reading.sure else UNSURE_INTENT

    def as_triage(self) -> dict[str, Any]:
        """The triage object; plain JSON."""
        best = self.reading.best
        domain, category = (best.domain, best.category)
        if self.crisis.level == "crisis" and domain != "psychology":
            domain, category = VIOLENCE if self.crisis.violence else DESPAIR
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
        """Read the models that training wrote into `directory/category` and `directory/crisis`.

        Without a readable crisis model the deterministic half of the guard goes on alone, and the log says so.
        """
        try:
            crisis = CrisisModel.load(directory / "crisis")
        except (OSError, ValueError, KeyError):
            logger.exception("the learnt half of the crisis guard can't be read; the patterns work alone")
            crisis = None
        return cls(CategoryModel.load(directory / "category"), crisis, places)

    def understand(self, texts: Sequence[str], *, now: datetime, recent: Sequence[str] = ()) -> list[Understanding]:
        """Each text by itself, in order. now: aware; relative times count from it. recent: what the resident wrote
        before, oldest first; it can only raise the crisis level.
        """
        before = [normalise(text) for text in recent]
        plain = [normalise(text) for text in texts]
        found = [extract(text, places=self.places, now=now) for text in plain]
        readings = self.categories.read([mask(text, each.spans) for text, each in zip(plain, found, strict=True)])
        learnt = self.crisis.levels(plain) if self.crisis else [None] * len(texts)
        return [self._combine(*parts, before) for parts in zip(texts, plain, readings, found, learnt, strict=True)]

    def _combine(
        self, text: str, plain: str, reading: Reading, found: Entities, learnt: Any, before: Sequence[str]
    ) -> Understanding:
        assessment = crisis_guard.assess(plain, learnt, recent=before)
        level = urgency.rate(plain, reading.best.category, assessment)
        return Understanding(text, plain, reading, found, assessment, level)
