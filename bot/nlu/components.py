"""Rasa graph component over `understanding.py`: trains the models, and reads each message with them.

One component, since the parts (normaliser, classifiers, extractors, crisis guard, urgency) share one normalised text
and are tested as plain functions; a chain of components would only pass the same object along.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable
from typing import Any, Optional

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ENTITIES, INTENT, METADATA, METADATA_INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.community import taxonomy
from bot.nlu.category_model import CategoryModel, join_label, split_label
from bot.nlu.crisis_guard import REMEMBERED
from bot.nlu.crisis_model import CrisisModel
from bot.nlu.entities import extract
from bot.nlu.entities.places import Places, database_places
from bot.nlu.masking import mask
from bot.nlu.moment import now
from bot.nlu.normaliser import normalise
from bot.nlu.understanding import Understander, Understanding

logger = logging.getLogger(__name__)

TRIAGE = "triage"  # the key under which a parsed message carries its triage object


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class ResidentUnderstanding(GraphComponent, IntentClassifier):
    """Sets intent, entities and the triage object of a message."""

    def __init__(
        self, model_storage: ModelStorage, resource: Resource, understander: Understander | None = None
    ) -> None:
        self._storage = model_storage
        self._resource = resource
        self._understander = understander

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ResidentUnderstanding:
        return cls(model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> ResidentUnderstanding:
        with model_storage.read_from(resource) as directory:
            return cls(model_storage, resource, Understander.load(directory, database_places()))

    def train(self, training_data: TrainingData) -> Resource:
        """Fit both models on the examples; a block's metadata names its category, and its crisis level if any."""
        examples = list(_examples(training_data.intent_examples))
        crisis = CrisisModel.train([text for text, _, _ in examples], [level for _, _, level in examples])
        labelled = [(_masked(text), label) for text, label, _ in examples]
        labelled += _category_names(label for _, label in labelled)
        categories = CategoryModel.train([text for text, _ in labelled], [label for _, label in labelled])
        with self._storage.write_to(self._resource) as directory:
            for name, model in (("category", categories), ("crisis", crisis)):
                (directory / name).mkdir()
                model.save(directory / name)
        self._understander = Understander(categories, crisis, Places.empty())
        return self._resource

    # Rasa's graph passes the tracker because of its name; its type check does not understand `X | None`.
    def process(
        self,
        messages: list[Message],
        tracker: Optional[DialogueStateTracker] = None,  # noqa: UP045
    ) -> list[Message]:
        """Read messages in place. tracker: of the resident who writes, where there is one."""
        if self._understander is None:
            raise ValueError("ResidentUnderstanding was neither trained nor loaded")
        texts = [message.get(TEXT) or "" for message in messages]
        understood_all = self._understander.understand(texts, now=now(), recent=_recent_texts(tracker))
        for message, understood in zip(messages, understood_all, strict=True):
            _write(message, understood)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Nothing to add: no later component learns from this one."""
        return training_data


def _masked(text: str) -> str:
    """A normalised example as the classifier will meet messages."""
    return mask(text, extract(text, places=Places.empty(), now=now()).spans)


def _examples(messages: Iterable[Message]) -> Iterable[tuple[str, str, str]]:
    """Normalised text, label and crisis level of each example that has a text."""
    for message in messages:
        text = message.get(TEXT)
        if not text:
            continue
        metadata = (message.get(METADATA) or {}).get(METADATA_INTENT) or {}
        yield normalise(text), join_label(message.get(INTENT), metadata.get("category")), metadata.get("crisis", "none")


def _category_names(labels: Iterable[str]) -> list[tuple[str, str]]:
    """The Chinese name of each category with its commonest label: the chat offers these names as choices."""
    commonest: dict[str, str] = {}
    for label, _ in Counter(labels).most_common():
        category = split_label(label)[1]
        if category:
            commonest.setdefault(category, label)
    return [(normalise(taxonomy.label(category)), label) for category, label in commonest.items()]


def _recent_texts(tracker: DialogueStateTracker | None) -> list[str]:
    """What the resident wrote before this message, oldest first."""
    if tracker is None:
        return []
    texts = [event.text for event in tracker.events if isinstance(event, UserUttered) and event.text]
    return texts[-REMEMBERED:]


def _write(message: Message, understood: Understanding) -> None:
    triage = understood.as_triage()
    message.set(INTENT, {"name": understood.intent, "confidence": triage["confidence"]}, add_to_output=True)
    ranking = [{"name": understood.intent, "confidence": triage["confidence"]}]
    ranking += [{"name": other["intent"], "confidence": other["confidence"]} for other in triage["alternatives"]]
    message.set("intent_ranking", ranking, add_to_output=True)
    message.set(ENTITIES, [span.as_entity() for span in understood.entities.spans], add_to_output=True)
    message.set(TRIAGE, triage, add_to_output=True)
