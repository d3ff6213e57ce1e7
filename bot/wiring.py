"""The one place where the parts of a process are put together."""

from __future__ import annotations

from functools import lru_cache

from bot import settings
from bot.community.database import Database


@lru_cache(maxsize=1)
def database() -> Database:
    """This process's database."""
    return Database(settings.load().database_url)
