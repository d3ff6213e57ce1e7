"""Names that the office knows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from bot.community.clock import LOCAL
from bot.community.database import Database
from bot.community.models.places import Community, Compound
from bot.community.place_views import PlaceName
from bot.nlu.entities import extract
from bot.nlu.entities.places import RELOAD_SECONDS, Places, ReloadingPlaces, database_places

NOW = datetime(2026, 11, 24, 10, 30, tzinfo=LOCAL)
KNOWN = [
    PlaceName("阳光花园", "yangguang", "qingquan"),
    PlaceName("阳光花园二期", "yangguang-2", "qingquan"),
    PlaceName("幸福里", "xingfuli", "guihua"),
    PlaceName("纺织大院", "fangzhi", "qingquan"),
    PlaceName("老机械厂", "jixie", "qingquan"),
    PlaceName("清泉社区", None, "qingquan"),
]
PLACES = Places.of(KNOWN)


def matched(text: str, places: Places = PLACES) -> list[str]:
    return [match.place.name for match in places.match(text)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("阳光花园二期3栋和幸福里", ["阳光花园二期", "幸福里"]),
        ("清泉社区的幸福里", ["清泉社区", "幸福里"]),
        ("阳光", []),
        ("", []),
    ],
)
def test_known_names_are_found_longest_first(text: str, names: list[str]) -> None:
    assert matched(text) == names


def test_without_names_nothing_matches() -> None:
    assert matched("阳光花园", Places.empty()) == []


@pytest.mark.parametrize(
    ("text", "compound"),
    [
        ("老机械厂3栋漏水", "老机械厂"),
        ("老机械厂停水了", "老机械厂"),
        ("幸福里小区停水了", "幸福里小区"),
        ("幸福里电梯坏了", "幸福里"),
        ("盼阳光花园早日通气", "阳光花园"),
        ("阳光花园二期5栋", "阳光花园二期"),
        ("幸福里二期8#2-1102", "幸福里二期"),
        ("陌生雅居3栋", "陌生雅居"),
        ("清泉社区怎么走", None),
    ],
)
def test_known_compound_is_found_without_grammar(text: str, compound: str | None) -> None:
    assert extract(text, places=PLACES, now=NOW).values.get("compound") == compound


class Clock:
    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


class Source:
    """A database with one version of the names; counts how often it is asked and how often it sends the names."""

    def __init__(self) -> None:
        self.version, self.names = "1", KNOWN[:1]
        self.asked = self.sent = 0
        self.down = False

    def __call__(self, known: str | None) -> tuple[str, list[PlaceName] | None]:
        self.asked += 1
        if self.down:
            raise OperationalError("select", {}, Exception("no such table: compounds"))
        if known == self.version:
            return self.version, None
        self.sent += 1
        return self.version, self.names


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def source() -> Source:
    return Source()


def test_names_are_read_again_when_they_changed(source: Source, clock: Clock) -> None:
    places = ReloadingPlaces(source, clock=clock)
    assert matched("幸福里和阳光花园", places) == ["阳光花园"]
    source.version, source.names = "2", KNOWN
    assert matched("幸福里和阳光花园", places) == ["阳光花园"]
    clock.seconds = RELOAD_SECONDS
    assert matched("幸福里和阳光花园", places) == ["幸福里", "阳光花园"]


def test_unchanged_names_are_not_sent_again(source: Source, clock: Clock) -> None:
    places = ReloadingPlaces(source, clock=clock)
    for _ in range(10):
        matched("阳光花园", places)
        clock.seconds += 1
    assert (source.asked, source.sent) == (2, 1)


def test_missing_database_is_borne_and_the_last_names_stay(source: Source, clock: Clock) -> None:
    source.down = True
    places = ReloadingPlaces(source, clock=clock)
    assert matched("阳光花园", places) == []
    source.down, clock.seconds = False, RELOAD_SECONDS
    assert matched("阳光花园", places) == ["阳光花园"]
    source.down, clock.seconds = True, 2 * RELOAD_SECONDS
    assert matched("阳光花园", places) == ["阳光花园"]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    base = Database(f"sqlite:///{tmp_path}/community.db")
    yield base
    base.dispose()


def test_compounds_of_the_database_are_found_by_name_and_alias(database: Database) -> None:
    database.create_all()
    with database.transaction() as session:
        session.add(Community(id="west", name="西河社区", aliases=[]))
        session.add(Compound(id="works", community_id="west", name="老机械厂", aliases=["机械厂大楼"]))
    assert matched("老机械厂和机械厂大楼在西河社区", database_places(database)) == [
        "老机械厂",
        "机械厂大楼",
        "西河社区",
    ]


def test_database_without_tables_gives_no_names(database: Database) -> None:
    with database.transaction() as session:
        session.connection()
    assert matched("老机械厂", database_places(database)) == []


def test_missing_file_gives_no_names_and_is_not_made(database: Database, tmp_path: Path) -> None:
    assert matched("老机械厂", database_places(database)) == []
    assert list(tmp_path.iterdir()) == []
