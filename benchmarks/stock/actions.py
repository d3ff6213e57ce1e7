"""Custom actions for stock Rasa: every action of the domain, each of which says one sentence and does nothing.

So stock Rasa is measured without the work of looking things up; the product does that work in the same turns.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import yaml
from rasa_sdk import Action


def _run(self: Action, dispatcher: Any, tracker: Any, domain: Any) -> list[Any]:
    if not self.name().startswith("validate_"):
        dispatcher.utter_message(text="好的")
    return []


for _name in yaml.safe_load(Path(os.environ["STOCK_DOMAIN"]).read_text(encoding="utf-8"))["actions"]:
    globals()[_name] = type(_name, (Action,), {"name": lambda self, _name=_name: _name, "run": _run})
