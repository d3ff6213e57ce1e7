"""Runs custom actions; one that fails says so to the resident instead of leaving silence.

Rasa logs a failing action, forgets its events and goes on without a word. Here the failure becomes a short message
with an error id that the log has too.
"""

from __future__ import annotations

import logging
import secrets
from typing import Any

from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection, ActionNotFoundException

logger = logging.getLogger(__name__)

APOLOGY = "utter_error"


class ApologisingExecutor(ActionExecutor):
    """An executor whose answers are never an exception, except those of Rasa's action protocol."""

    async def run(self, action_call: Any) -> dict[str, Any] | None:
        try:
            return await super().run(action_call)
        except (ActionExecutionRejection, ActionNotFoundException):
            raise
        except Exception:
            error_id = secrets.token_hex(4)
            logger.exception("action %s failed: error %s", action_call.get("next_action"), error_id)
            return {"events": [], "responses": [{"response": APOLOGY, "error_id": error_id}]}
