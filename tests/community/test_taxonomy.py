from __future__ import annotations

import pytest

from bot.community import taxonomy
from bot.community.errors import UnknownCategory


def test_every_category_has_a_label() -> None:
    assert all(taxonomy.label(each.id) for each in taxonomy.categories())


def test_every_domain_has_a_label() -> None:
    assert all(taxonomy.domain_label(domain) for domain in taxonomy.domains())


def test_category_knows_its_domain_and_kind() -> None:
    meals = taxonomy.category("meals")
    assert (meals.domain, meals.kind) == ("convenience", "convenience")


def test_categories_of_a_domain_only() -> None:
    assert {each.domain for each in taxonomy.categories("psychology")} == {"psychology"}


def test_unknown_category_is_refused() -> None:
    with pytest.raises(UnknownCategory):
        taxonomy.category("spaceflight")
