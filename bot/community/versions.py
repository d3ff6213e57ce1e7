"""Tokens that tell caches when content has changed, and the cache that asks them."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from bot.community.models.places import ContentVersion

T = TypeVar("T")


def current(session: Session, kind: str) -> str:
    """The token of that content; "" before the first change. Two states never share a token."""
    return session.scalar(select(ContentVersion.version).where(ContentVersion.kind == kind)) or ""


def bump(session: Session, kind: str) -> None:
    """Say that the content has changed; whoever writes rows of that kind calls it in the same transaction."""
    session.merge(ContentVersion(kind=kind, version=uuid.uuid4().hex))
    session.flush()


class VersionedCache(Generic[T]):
    """What `load` reads from the database, kept until the content's token changes; one value per database."""

    def __init__(self, kind: str, load: Callable[[Session], T]) -> None:
        self._kind = kind
        self._load = load
        self._kept: WeakKeyDictionary[Engine, tuple[str, T]] = WeakKeyDictionary()

    def get(self, session: Session) -> T:
        version = current(session, self._kind)
        engine = session.get_bind()
        kept = self._kept.get(engine)
        if version and kept and kept[0] == version:
            return kept[1]
        value = self._load(session)
        self._kept[engine] = (version, value)
        return value
