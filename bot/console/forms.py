"""Reading what a form or an address holds."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from sanic.request import Request

from bot.community.clock import LOCAL

_INSIDE = re.compile(r"/(?![/\\])[\w\-./~%]*(\?[\w\-.~%=&+]*)?", re.ASCII)


def field(request: Request, name: str, limit: int = 2000) -> str:
    """A field of the form, trimmed and cut to limit; empty when it is not there."""
    return str((request.form or {}).get(name) or "").strip()[:limit]


def asked(request: Request, name: str, limit: int = 200) -> str:
    """A field of the address, trimmed and cut to limit."""
    return str(request.args.get(name) or "").strip()[:limit]


def number(text: str) -> int | None:
    """A row's id, or None when it is none."""
    return int(text) if re.fullmatch(r"[0-9]{1,15}", text) else None


def day(text: str, *, after: bool = False) -> datetime | None:
    """The start of that local day, or of the day after; None when it is no date."""
    try:
        start = datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=LOCAL)
    except ValueError:
        return None
    return start + timedelta(days=1) if after else start


def inside(address: str) -> str:
    """The address when it stays in the console, else the front door: no open redirect."""
    return address if _INSIDE.fullmatch(address) else "/"
