"""The catalogue and the guides as lists, page by page, for the staff."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from bot.community import catalogue, guides


def test_services_come_in_pages(content: Session, now: datetime) -> None:
    everything = catalogue.list_services(content, now=now, limit=500)
    assert len(everything) > 2
    pages = [catalogue.list_services(content, now=now, limit=2, offset=start) for start in range(0, len(everything), 2)]
    assert [each.id for page in pages for each in page] == [each.id for each in everything]


def test_services_are_filtered(content: Session, now: datetime) -> None:
    everything = catalogue.list_services(content, now=now, limit=500)
    category = everything[0].category
    found = catalogue.list_services(content, now=now, category=category, limit=500)
    assert [each.id for each in found] == [each.id for each in everything if each.category == category]
    community = next(each.community_id for each in everything if each.community_id)
    found = catalogue.list_services(content, now=now, community_id=community, limit=500)
    assert {each.community_id for each in found} <= {community, None}


def test_guides_come_in_the_order_asked_for(content: Session, now: datetime) -> None:
    ids = [guide.id for guide in guides.list_guides(content, now=now)]
    assert ids
    found = guides.get_all(content, ["none", *reversed(ids)])
    assert [guide.id for guide in found] == ids[::-1]
    assert guides.list_guides(content, now=now, offset=len(ids)) == []
    category = found[0].category
    assert {guide.category for guide in guides.list_guides(content, now=now, category=category)} == {category}
