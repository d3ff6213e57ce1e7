"""Action responses checked by validators compiled once, one for each kind of event.

`RemoteAction._validate_action_result` builds its JSON schema and checks that schema itself on every call: 13 ms of a
turn's 18 (rasa-runtime.md). Rasa's schema then tries each event against all twenty kinds; only the kind that the event
names can fit, so only that one is tried: 9 % of what a turn took after that. What passes is the same; what fails is
judged by the whole schema, so that the error is Rasa's.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from rasa.core.actions.action import RemoteAction

from bot.runtime.patches import Patch


@lru_cache(maxsize=1)
def _whole() -> Any:
    return _compiled(RemoteAction.action_response_format_spec())


def _compiled(schema: dict[str, Any]) -> Any:
    from jsonschema.validators import validator_for

    kind = validator_for(schema)
    kind.check_schema(schema)
    return kind(schema)


@lru_cache(maxsize=1)
def _kinds() -> dict[str, Any]:
    """A validator of each kind of event that exactly one part of Rasa's schema describes."""
    items = RemoteAction.action_response_format_spec()["properties"]["events"]["items"]
    common = {key: value for key, value in items.items() if key != "oneOf"}
    named: dict[str, list[Any]] = {}
    for part in items["oneOf"]:
        named.setdefault(part["properties"]["event"]["const"], []).append(part)
    return {name: _compiled({"allOf": [common, *parts]}) for name, parts in named.items() if len(parts) == 1}


def _passes(result: Any) -> bool:
    if not isinstance(result, dict):
        return False
    events, responses = result.get("events", []), result.get("responses", [])
    if not isinstance(events, list) or not isinstance(responses, list):
        return False
    return all(isinstance(each, dict) for each in responses) and all(_event_passes(event) for event in events)


def _event_passes(event: Any) -> bool:
    validator = _kinds().get(str(event.get("event"))) if isinstance(event, dict) else None
    return validator is not None and validator.is_valid(event)


def _validate_action_result(self: RemoteAction, result: dict[str, Any]) -> bool:
    from jsonschema.exceptions import best_match

    if _passes(result):
        return True
    error = best_match(_whole().iter_errors(result))
    if error is not None:
        error.message += ". Failed to validate Action server response from API."
        raise error
    return True


PATCH = Patch(
    name="action_validation",
    owner=RemoteAction,
    attribute="_validate_action_result",
    replacement=_validate_action_result,
    source_sha256="f8cdb4be6812396167ced74161b2ccd65c5ea676ad86d7d359d8c322d9d8dc42",
)
