"""The arrows point inwards: the console asks the core, and holds neither SQL nor Rasa."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

CONSOLE = Path(__file__).parents[2] / "bot" / "console"
OUTSIDE = (
    "rasa.",
    "rasa_sdk",
    "actions",
    "bot.nlu",
    "bot.policies",
    "bot.channels",
    "bot.store",
    "bot.community.models",
)


@pytest.mark.parametrize("module", sorted(CONSOLE.glob("*.py")), ids=lambda path: path.stem)
def test_console_knows_only_the_core(module):
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found = [(alias.name, "") for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found = [(node.module or "", alias.name) for alias in node.names]
        else:
            continue
        for name, what in found:
            assert not name.startswith(OUTSIDE), f"{module.name} imports {name}"
            assert not name.startswith("sqlalchemy") or (name, what) == ("sqlalchemy.orm", "Session"), module.name
