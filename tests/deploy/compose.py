"""docker-compose.yml as the tests read it."""

from __future__ import annotations

import re
from typing import Any

import yaml

from bot.settings import ROOT

VARIABLE = re.compile(r"\$\{(\w+)(?::?[-?]([^}]*))?\}")


def compose(name: str = "docker-compose.yml", **environment: str) -> dict[str, Any]:
    """The file with its variables filled in from `environment`, else with their defaults."""
    text = (ROOT / name).read_text(encoding="utf-8")
    return yaml.safe_load(VARIABLE.sub(lambda found: environment.get(found[1], found[2] or ""), text))
