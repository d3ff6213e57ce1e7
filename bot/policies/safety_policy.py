"""Safety before everything else: a crisis, an emergency or distress interrupts any form, rule or story.

Deterministic and without training data, with the highest priority, so that no change of rules or stories can come
between a person in danger and the answer.
"""

from __future__ import annotations

from typing import Any

from rasa.core.policies.policy import Policy, PolicyPrediction
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActionReverted, Event
from rasa.shared.core.generator import TrackerWithCachedStates
from rasa.shared.core.trackers import DialogueStateTracker

from bot.care import awaits_answer

PRIORITY = 20
CARE = "action_crisis_care"
EMERGENCY = "action_emergency"
LISTEN_TO = "action_offer_counselling"
# Intents under which distress is what the message is about; under another one it is heard on the way.
TALK = frozenset(
    {"seek_counselling", "out_of_scope", "nlu_fallback", "inform", "affirm", "deny", "greet", "goodbye", "thanks"}
)
CAREFUL_SLOT = "careful_mode"
CARE_SLOT = "care"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=False)
class SafetyPolicy(Policy):
    """Predicts the crisis or the emergency action right after such a message, then listens."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"priority": PRIORITY}

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> SafetyPolicy:
        return cls(config, model_storage, resource, execution_context)

    def train(self, training_trackers: list[TrackerWithCachedStates], domain: Domain, **kwargs: Any) -> Resource:
        """Nothing to learn."""
        return self._resource

    def predict_action_probabilities(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        rule_only_data: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> PolicyPrediction:
        action = next_safe_action(tracker)
        result = self._default_predictions(domain)
        if action is not None and action in domain.action_names_or_texts:
            result[domain.index_for_action(action)] = 1.0
        return self._prediction(result)


def next_safe_action(tracker: DialogueStateTracker) -> str | None:
    """The action that safety demands now, or None when the other policies may decide."""
    ran = actions_since_message(tracker.events)
    wanted = wanted_action(tracker)
    if CARE in ran or wanted in ran:
        return ACTION_LISTEN_NAME
    asked_just_now = wanted == CARE and LISTEN_TO in ran  # its answer is yet to come
    return ACTION_LISTEN_NAME if asked_just_now else wanted


def wanted_action(tracker: DialogueStateTracker) -> str | None:
    """What the latest message, or the careful mode before it, asks for."""
    message = tracker.latest_message
    if message is None or not message.text:
        return None
    triage = message.parse_data.get("triage") or {}
    if triage.get("crisis") == "crisis" or tracker.get_slot(CAREFUL_SLOT):
        return CARE
    if awaits_answer(tracker.get_slot(CARE_SLOT)):
        return CARE  # 「有」 after 「有没有想过不想活了」 is a crisis
    if triage.get("urgency") == "emergency":
        return EMERGENCY
    return LISTEN_TO if triage.get("crisis") == "concern" and triage.get("intent") in TALK else None


def actions_since_message(events: Any) -> set[str]:
    """Names of the actions that ran since the resident's last message; one that was taken back did not run."""
    names: set[str] = set()
    taken_back = 0
    event: Event
    for event in reversed(events):
        if event.type_name == "user":
            break
        if isinstance(event, ActionReverted):
            taken_back += 1
        elif isinstance(event, ActionExecuted) and event.action_name:
            if not taken_back:
                names.add(event.action_name)
            taken_back = max(0, taken_back - 1)
    return names
