"""The moment that "tomorrow afternoon" counts from."""

from __future__ import annotations

from datetime import datetime

from bot import settings
from bot.community.clock import LOCAL


def now() -> datetime:
    """The present in Asia/Shanghai, or the fixed moment of TRIAGE_NOW where one is set (evaluation, tests)."""
    fixed = settings.load().triage_now
    if not fixed:
        return datetime.now(LOCAL)
    moment = datetime.fromisoformat(fixed)
    return moment.replace(tzinfo=LOCAL) if moment.tzinfo is None else moment.astimezone(LOCAL)
