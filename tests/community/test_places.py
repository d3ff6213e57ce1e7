from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from bot.community import places, versions
from bot.community.errors import NotFound
from bot.community.models.places import Compound


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("阳光花园", "sunny"),
        ("我住阳光小区一期", "sunny"),
        ("阳光花园3栋2单元501", "sunny"),
        ("羊光花园", "sunny"),
        ("阳光花圆", "sunny"),
        ("yangguang huayuan", "sunny"),
        ("桂花院", "laurel"),
        ("桂苑", "laurel"),
    ],
)
def test_residents_words_find_the_compound(content: Session, text: str, expected: str) -> None:
    assert places.match_compound(content, text)[0].id == expected


def test_name_as_written_is_exact(content: Session) -> None:
    best = places.match_compound(content, "我家在阳光花园")[0]
    assert best.exact
    assert best.score > 0.95


def test_half_a_name_offers_all_that_fit(content: Session) -> None:
    found = places.match_compound(content, "阳光")
    assert {match.id for match in found} == {"sunny", "newtown"}
    assert not any(match.exact for match in found)


@pytest.mark.parametrize("text", ["", "？？？", "不知道", "我要投诉物业", "x" * 5000])
def test_no_name_matches_nothing(content: Session, text: str) -> None:
    assert places.match_compound(content, text) == []


def test_matching_stays_in_the_community(content: Session) -> None:
    assert places.match_compound(content, "阳光花园", community_id="west") == []


def test_community_is_found_by_alias(content: Session) -> None:
    assert places.match_community(content, "东湖")[0].id == "east"


def test_building_decides_the_grid_worker(content: Session) -> None:
    first = places.locate(content, "sunny", "3栋").grid_worker
    second = places.locate(content, "sunny", "8号楼").grid_worker
    assert first is not None
    assert second is not None
    assert (first.name, second.name) == ("胡晓燕", "周建国")


def test_location_names_company_and_community(content: Session) -> None:
    location = places.locate(content, "sunny")
    assert location.property_company is not None
    assert (location.property_company.emergency_phone, location.community.id) == ("0790-5550511", "east")


def test_compound_without_grid_has_no_worker(content: Session) -> None:
    assert places.locate(content, "laurel").grid_worker is None


def test_unknown_compound_is_refused(content: Session) -> None:
    with pytest.raises(NotFound):
        places.locate(content, "atlantis")


def test_names_hold_aliases_and_communities(content: Session) -> None:
    found = {(name.name, name.compound_id) for name in places.names(content)}
    assert {("阳光小区一期", "sunny"), ("东湖", None)} <= found


def test_new_compound_is_found_after_a_bump(content: Session) -> None:
    before = places.version(content)
    content.add(Compound(id="river", community_id="west", name="临江苑", aliases=[]))
    content.flush()
    versions.bump(content, places.VERSION_KIND)
    assert places.version(content) != before
    assert places.match_compound(content, "临江苑")[0].id == "river"
