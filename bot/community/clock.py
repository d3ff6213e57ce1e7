"""The time. Core functions take `now` (aware, UTC) as a parameter; only the edges ask the clock."""

from __future__ import annotations

from datetime import date, datetime, timezone
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Asia/Shanghai")


def utcnow() -> datetime:
    return datetime.now(timezone.utc)


def local(moment: datetime) -> datetime:
    """The same moment as a clock in Shanghai shows it; moment must be aware."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return moment.astimezone(LOCAL)


def local_date(moment: datetime) -> date:
    return local(moment).date()
