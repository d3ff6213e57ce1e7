from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.community import catalogue
from bot.community.catalogue import ServiceQuery
from bot.community.errors import NotFound, UnknownCategory
from bot.community.models.catalogue import Demand, Service
from bot.community.models.places import Community, SubDistrict


def ids(session: Session, text: str, now: datetime, **conditions: object) -> list[str]:
    query = ServiceQuery(text, **conditions)  # type: ignore[arg-type]
    return [match.service.id for match in catalogue.search(session, query, now=now).matches]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("给我妈找个能做饭的地方", "canteen"),
        ("附近哪里有老年食堂", "canteen"),
        ("有没有修水管的", "plumber"),
        ("钥匙丢了，找人开锁", "lock"),
        ("换个锁", "lock"),
    ],
)
def test_what_people_say_finds_the_service(content: Session, now: datetime, text: str, first: str) -> None:
    assert ids(content, text, now)[0] == first


@pytest.mark.parametrize(
    "text", ["我想买个飞机", "", "？", "的的的", "'; DROP TABLE services; --", '" OR *', "x" * 5000]
)
def test_nothing_fitting_finds_nothing(content: Session, now: datetime, text: str) -> None:
    result = catalogue.search(content, ServiceQuery(text), now=now)
    assert (result.matches, result.total) == ([], 0)


def test_other_communities_services_stay_hidden(content: Session, now: datetime) -> None:
    assert ids(content, "老年食堂", now, community_id="west") == []
    assert ids(content, "修水管", now, community_id="west") == ["plumber"]


def test_neighbours_help_out_where_nothing_fits(content: Session, now: datetime) -> None:
    content.add(SubDistrict(id="lakes", name="湖滨街道", aliases=[]))
    content.flush()
    content.execute(update(Community).values(subdistrict_id="lakes"))
    best = catalogue.search(content, ServiceQuery("老年食堂", community_id="west"), now=now).matches[0]
    assert best.service.id == "canteen"
    assert "other_community" in best.reasons


def test_category_alone_lists_its_services(content: Session, now: datetime) -> None:
    assert set(ids(content, "有没有", now, category="appliance_repair")) == {"plumber", "lock"}


def test_reasons_say_why(content: Session, now: datetime) -> None:
    query = ServiceQuery("给我妈找个吃饭的地方", community_id="east", near=(27.80, 114.92))
    best = catalogue.search(content, query, now=now).matches[0]
    assert {"words", "category", "audience", "near", "same_community"} <= set(best.reasons)
    assert best.distance_m == 0


def test_closed_service_says_when_it_opens(content: Session, now: datetime) -> None:
    best = catalogue.search(content, ServiceQuery("食堂"), now=now).matches[0]
    assert (best.open_now, best.opens_next) == (False, "今天 10:40")


def test_open_at_leaves_out_what_is_closed_then(content: Session, now: datetime) -> None:
    night = now.replace(hour=23)
    assert ids(content, "修水管 开锁", now, open_at=night) == ["lock"]


def test_nearer_service_comes_first(content: Session, now: datetime) -> None:
    near_plumber = (27.81, 114.93)
    assert ids(content, "上门维修", now, category="appliance_repair", near=near_plumber)[0] == "plumber"


def test_expired_and_inactive_services_are_left_out(content: Session, now: datetime) -> None:
    content.execute(update(Service).where(Service.id == "lock").values(active=False))
    content.execute(update(Service).where(Service.id == "plumber").values(valid_until=(now - timedelta(days=1)).date()))
    assert ids(content, "开锁 修水管", now) == []


def test_pages_do_not_overlap(content: Session, now: datetime) -> None:
    query = ServiceQuery("", category="appliance_repair")
    first = catalogue.search(content, query, now=now, limit=1)
    second = catalogue.search(content, query, now=now, limit=1, offset=1)
    assert first.total == second.total == 2
    assert first.matches[0].service.id != second.matches[0].service.id


def test_service_shows_hours_in_chinese(content: Session, now: datetime) -> None:
    assert catalogue.get(content, "lock", now=now).hours_text == "24 小时"


def test_unknown_service_is_refused(content: Session, now: datetime) -> None:
    with pytest.raises(NotFound):
        catalogue.get(content, "none", now=now)


def test_demand_is_recorded(content: Session, now: datetime) -> None:
    catalogue.record_demand(
        content, text="想要个自习室", category="culture_sports", community_id="east", resident_id=None, now=now
    )
    demand = content.scalars(select(Demand)).one()
    assert (demand.text, demand.recorded_at) == ("想要个自习室", now)


def test_demand_of_unknown_category_is_refused(content: Session, now: datetime) -> None:
    with pytest.raises(UnknownCategory):
        catalogue.record_demand(content, text="?", category="x", community_id=None, resident_id=None, now=now)


def test_changed_service_is_found_by_its_new_words(content: Session, now: datetime) -> None:
    service = content.scalars(select(Service).where(Service.id == "lock")).one()
    service.search_text = "c::all 配眼 眼镜 配 眼 镜"
    service.name, service.keywords, service.summary = "配眼镜", [], ""
    content.flush()
    assert ids(content, "配眼镜", now)[0] == "lock"
    assert ids(content, "换锁", now) == []
