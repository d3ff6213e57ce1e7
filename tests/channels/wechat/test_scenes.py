"""QR codes with a scene set the place and the topic."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.channels.wechat.scenes import remember, scene_of
from bot.community import places, residents
from bot.community.catalogue_files import import_files
from bot.community.clock import utcnow
from bot.community.database import Database
from tests.community.conftest import CONTENT


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'places.db'}", synchronous="OFF")
    database.create_all()
    database.call(import_files, [CONTENT])
    yield database
    database.dispose()


def after(database: Database, code: str) -> residents.ResidentView:
    database.call(remember, "wechat:o1", scene_of(code), now=utcnow())
    found = database.call_reading(residents.find, "wechat:o1")
    assert found is not None
    return found


def a_compound(database: Database) -> places.PlaceName:
    return next(name for name in database.call_reading(places.names) if name.compound_id)


def test_code_of_a_building_sets_the_address(database: Database) -> None:
    compound = a_compound(database)
    found = after(database, f"compound={compound.compound_id}&building=3&unit=2")
    assert (found.compound_id, found.community_id) == (compound.compound_id, compound.community_id)
    assert (found.building, found.unit) == ("3", "2")


def test_code_of_a_community_sets_the_community(database: Database) -> None:
    (community, *_) = database.call_reading(places.communities)
    assert after(database, f"community={community.id}").community_id == community.id


def test_what_the_resident_told_us_outranks_a_code(database: Database) -> None:
    compound = a_compound(database)
    after(database, f"compound={compound.compound_id}&building=3")
    assert after(database, f"compound={compound.compound_id}&building=9").building == "3"


@pytest.mark.parametrize("code", ["", "123", "compound=gone", "community=gone", "=", "&&", "x" * 500, "compound="])
def test_code_that_we_did_not_make_changes_nothing(database: Database, code: str) -> None:
    found = after(database, code)
    assert (found.community_id, found.compound_id) == (None, None)


def test_topic_is_what_the_resident_says() -> None:
    assert scene_of("community=c1&topic=老年食堂").says == "老年食堂"
