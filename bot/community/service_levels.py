"""How fast a matter must be answered and resolved: data/service_levels.yml, in working time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from typing import Any

import yaml

from bot.community import taxonomy
from bot.community.paths import DATA
from bot.community.working_time import WorkingTime, parse_spans


def due(category: str, urgency: str, opened_at: datetime) -> tuple[datetime, datetime]:
    """(respond by, resolve by). Raises UnknownCategory."""
    level = _settings()["levels"][level_of(category, urgency)]
    return add(opened_at, level["respond"]), add(opened_at, level["resolve"])


def level_of(category: str, urgency: str = "routine") -> str:
    """The id of the service level; urgency raises it and never lowers it. Raises UnknownCategory."""
    usual = _levels().get(category) or _domain_level(taxonomy.category(category).domain)
    raised = _settings()["urgency"].get(urgency, usual)
    return min(usual, raised, key=list(_settings()["levels"]).index)


def add(start: datetime, span: Mapping[str, int]) -> datetime:
    """start plus a span of the file, such as {"working_hours": 4}."""
    ((unit, amount),) = span.items()
    if unit == "working_hours":
        return working_time().add_working(start, timedelta(hours=amount)).astimezone(timezone.utc)
    if unit == "working_days":
        return working_time().add_working_days(start, amount).astimezone(timezone.utc)
    return start.astimezone(timezone.utc) + timedelta(**{unit: amount})


def warn_at(opened_at: datetime, resolve_by: datetime) -> datetime:
    """When the handler is warned that the time to resolve runs out."""
    return opened_at + (resolve_by - opened_at) * float(_settings()["warn_at"])


def handoff() -> Mapping[str, int]:
    """promised_minutes and minutes_per_conversation."""
    return _settings()["handoff"]


def crisis_escalates_at(level: str, since: datetime) -> datetime:
    """When the next named person is called if nobody has acknowledged an alarm of that level."""
    return add(since, _settings()["crisis"]["escalate_after"][level])


def crisis_roles() -> tuple[str, ...]:
    return tuple(_settings()["crisis"]["roles"])


def crisis_follow_ups(closed_at: datetime) -> list[datetime]:
    """When somebody must ask again after an alarm was closed."""
    return [add(closed_at, span) for span in _settings()["crisis"]["follow_ups"]]


@lru_cache(maxsize=1)
def working_time() -> WorkingTime:
    """The office's working hours."""
    return WorkingTime(parse_spans(_settings()["working_day"]))


@lru_cache(maxsize=1)
def _levels() -> dict[str, str]:
    return {category: level for level, named in _settings()["categories"].items() for category in named}


def _domain_level(domain: str) -> str:
    for level, named in _settings()["domains"].items():
        if domain in named:
            return level
    return _settings()["default"]


@lru_cache(maxsize=1)
def _settings() -> dict[str, Any]:
    return yaml.safe_load((DATA / "service_levels.yml").read_text(encoding="utf-8"))
