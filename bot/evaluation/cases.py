"""Labelled messages: JSON lines, one file a set. Only what a row names is measured.

{"id", "text", "domain", "category", "accept": [other right categories], "intent", "crisis", "urgency": a level or a
list of right ones, and fields of the address and the person: "building", "unit", "room", "phone"}
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.community import taxonomy
from bot.community.errors import UnknownCategory
from bot.problems import Problem

FIELDS = ("building", "unit", "floor", "room", "phone")


@dataclass(frozen=True)
class Case:
    """One message and what is right for it; an empty set of right answers is not measured."""

    id: str
    text: str
    categories: frozenset[str]
    category: str | None
    domains: frozenset[str]
    intent: str | None
    crisis: frozenset[str]
    urgency: frozenset[str]
    fields: dict[str, str]

    @property
    def refusable(self) -> bool:
        """Whether it is about nothing that the service does."""
        return self.category == "out_of_scope"


def load_sets(directory: Path) -> dict[str, list[Case]]:
    """The cases of each *.jsonl file by its name. Raises Problem when there is none or a row is wrong."""
    sets = {path.stem: _load(path) for path in sorted(directory.glob("*.jsonl"))}
    if not any(sets.values()):
        raise Problem(f"{directory} holds no labelled messages (*.jsonl)")
    return sets


def _load(path: Path) -> list[Case]:
    cases = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            cases.append(_case(json.loads(line), f"{path.stem}-{number}"))
        except (ValueError, KeyError, TypeError, UnknownCategory) as error:
            raise Problem(f"{path.name}, line {number}: {error!r}") from error
    return cases


def _case(row: dict[str, Any], default_id: str) -> Case:
    category = row.get("category")
    right = [category, *row.get("accept", [])] if category else []
    domains = {taxonomy.category(each).domain for each in right}
    return Case(
        id=str(row.get("id", default_id)),
        text=row["text"],
        categories=frozenset(right),
        category=category,
        domains=frozenset(domains | ({row["domain"]} if row.get("domain") else set())),
        intent=row.get("intent"),
        crisis=_levels(row.get("crisis"), taxonomy.CRISIS_LEVELS),
        urgency=_levels(row.get("urgency"), taxonomy.URGENCY_LEVELS),
        fields={name: str(row[name]) for name in FIELDS if row.get(name) is not None},
    )


def _levels(value: str | list[str] | None, allowed: tuple[str, ...]) -> frozenset[str]:
    levels = frozenset([value] if isinstance(value, str) else value or [])
    if not levels <= set(allowed):
        raise ValueError(f"unknown level in {sorted(levels)}")
    return levels
