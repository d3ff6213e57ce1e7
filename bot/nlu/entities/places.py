"""The names of places that the office knows, found in a text."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from bot.community.database import Database
from bot.community.place_views import PlaceName

RELOAD_SECONDS = 5.0
_KEY = 2  # names are looked up by their first characters


@dataclass(frozen=True)
class PlaceMatch:
    """A known name at text[start:end]."""

    place: PlaceName
    start: int
    end: int


class Places:
    """An index of names; match() takes linear time, however many there are."""

    def __init__(self, names: Iterable[PlaceName] = ()) -> None:
        self._by_head: dict[str, list[PlaceName]] = defaultdict(list)
        for name in names:
            if len(name.name) >= _KEY:
                self._by_head[name.name[:_KEY]].append(name)
        for same_head in self._by_head.values():
            same_head.sort(key=lambda place: (-len(place.name), place.compound_id is None))

    @classmethod
    def empty(cls) -> Places:
        return cls()

    @classmethod
    def of(cls, names: Iterable[PlaceName]) -> Places:
        return cls(names)

    def match(self, text: str) -> list[PlaceMatch]:
        """Known names in the order of the text; of overlapping ones the longer."""
        return self._match(text) if self._by_head else []

    def _match(self, text: str) -> list[PlaceMatch]:
        found: list[PlaceMatch] = []
        position = 0
        while position < len(text) - 1:
            place = self._at(text, position)
            if place:
                found.append(PlaceMatch(place, position, position + len(place.name)))
                position += len(place.name)
            else:
                position += 1
        return found

    def _at(self, text: str, position: int) -> PlaceName | None:
        candidates = self._by_head.get(text[position : position + _KEY], ())
        return next((place for place in candidates if text.startswith(place.name, position)), None)


class ReloadingPlaces(Places):
    """Places that read themselves again, at most every few seconds, when their version has changed.

    read() gives the names unless the version is the one given. Whatever goes wrong, the last names go on serving.
    """

    def __init__(
        self,
        read: Callable[[str | None], tuple[str, list[PlaceName] | None]],
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__()
        self._read = read
        self._clock = clock
        self._lock = Lock()
        self._version: str | None = None
        self._due = float("-inf")

    def match(self, text: str) -> list[PlaceMatch]:
        if self._clock() >= self._due and self._lock.acquire(blocking=False):
            try:
                self._reload()
            finally:
                self._lock.release()
        return super().match(text)

    def _reload(self) -> None:
        self._due = self._clock() + RELOAD_SECONDS
        try:
            version, names = self._read(self._version)
        except (SQLAlchemyError, OSError):
            return  # no database, or no tables in it yet: the grammar of names has to do
        if names is not None:
            self._by_head = Places(names)._by_head
        self._version = version


def database_places(source: Database | None = None) -> Places:
    """The places of a database, by default this installation's; without names while it can't be read."""
    from bot import settings
    from bot.community import places
    from bot.wiring import database

    url = make_url(source.url if source else settings.load().database_url)
    file = Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None

    def read(known: str | None) -> tuple[str, list[PlaceName] | None]:
        if file and not file.exists():
            raise FileNotFoundError(file)  # connecting would make an empty database
        with (source or database()).reading() as session:
            version = places.version(session)
            return version, None if version == known and version else places.names(session)

    return ReloadingPlaces(read)
