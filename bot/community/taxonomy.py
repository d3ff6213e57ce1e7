"""What a message, a ticket or a service can be about: the ids of data/taxonomy.yml."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import yaml

from bot.community.errors import UnknownCategory
from bot.community.paths import DATA

CRISIS_LEVELS = ("none", "concern", "crisis")
URGENCY_LEVELS = ("routine", "urgent", "emergency")
SERVICE_KINDS = ("livelihood", "public", "convenience", "safety", "property")


@dataclass(frozen=True)
class Category:
    """One id of the taxonomy; kind is one of SERVICE_KINDS, or None for talk about tickets or the conversation."""

    id: str
    name: str
    domain: str
    domain_name: str
    kind: str | None


def category(id: str) -> Category:
    """The category of that id. Raises UnknownCategory."""
    try:
        return _load()[id]
    except KeyError:
        raise UnknownCategory(id) from None


def is_category(id: str) -> bool:
    return id in _load()


def categories(domain: str | None = None) -> list[Category]:
    """All categories, or those of one domain, in the order of the file."""
    return [found for found in _load().values() if domain in (None, found.domain)]


def domains() -> list[str]:
    """Ids of the domains, in the order of the file."""
    return list(dict.fromkeys(found.domain for found in _load().values()))


def label(id: str) -> str:
    """The short Chinese name that people see (leak_plumbing is 漏水和管道). Raises UnknownCategory."""
    return _labels()["categories"][category(id).id]


def domain_label(domain: str) -> str:
    """The short Chinese name of a domain."""
    return _labels()["domains"][domain]


@lru_cache(maxsize=1)
def _load() -> dict[str, Category]:
    content = yaml.safe_load((DATA / "taxonomy.yml").read_text(encoding="utf-8"))
    return {
        id: Category(id, name, domain, domain_label(domain), body.get("kind"))
        for domain, body in content["domains"].items()
        for id, name in body["categories"].items()
    }


@lru_cache(maxsize=1)
def _labels() -> dict[str, dict[str, Any]]:
    return yaml.safe_load((DATA / "category_labels.yml").read_text(encoding="utf-8"))
