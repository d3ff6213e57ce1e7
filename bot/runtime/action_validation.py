"""Action responses checked by a validator compiled once.

`RemoteAction._validate_action_result` builds its JSON schema and checks that schema itself on every call: 13 ms of a
turn's 18 (rasa-runtime.md). The check of the response stays the same.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from rasa.core.actions.action import RemoteAction

from bot.runtime.patches import Patch


@lru_cache(maxsize=1)
def _validator() -> Any:
    from jsonschema.validators import validator_for

    schema = RemoteAction.action_response_format_spec()
    kind = validator_for(schema)
    kind.check_schema(schema)
    return kind(schema)


def _validate_action_result(self: RemoteAction, result: dict[str, Any]) -> bool:
    from jsonschema.exceptions import best_match

    error = best_match(_validator().iter_errors(result))
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
