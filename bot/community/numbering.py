"""Numbers that people read out: WY20261123-0001 is kind, local date, sequence of the day."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime

from sqlalchemy.orm import Session

from bot.community.clock import local_date
from bot.community.models.tickets import Counter
from bot.community.rows import next_value

KINDS = {
    "property": "WY",
    "convenience": "BM",
    "psychology": "XL",
    "public_service": "BS",
}
OTHER = "ZX"
ALARM = "JJ"

_DASHES = r"[-‐-―−_.·~—]"
_NUMBER = re.compile(
    rf"(?<![A-Z])(?P<kind>WY|BM|XL|BS|ZX|JJ){_DASHES}?"
    rf"(?P<year>[\dOIL]{{4}})[-/.年]?(?P<month>[\dOIL]{{2}})[-/.月]?(?P<day>[\dOIL]{{2}})日?"
    rf"{_DASHES}*(?P<sequence>[\dOIL]{{1,9}})(?![\dA-Z])"
)
_LETTERS_FOR_DIGITS = str.maketrans("OIL", "011")


def kind_of_domain(domain: str) -> str:
    """The two letters for a taxonomy domain; ZX where it has none of its own."""
    return KINDS.get(domain, OTHER)


def next_number(session: Session, kind: str, *, now: datetime) -> str:
    """A number nobody has had. Whoever takes one waits for the transaction that took the one before."""
    day = local_date(now)
    sequence = next_value(session, Counter, {"kind": kind, "day": day})
    return f"{kind}{day:%Y%m%d}-{sequence:04d}"


def normalise_number(text: str) -> str | None:
    """The first ticket number in what a person wrote, as it is stored, or None.

    Understands lower case, full width, spaces, another dash or none, O for 0, and leading zeros left out.
    """
    folded = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).upper()
    for found in _NUMBER.finditer(folded):
        number = _assemble(found)
        if number:
            return number
    return None


def _assemble(found: re.Match[str]) -> str | None:
    year, month, day, sequence = (
        int(found[part].translate(_LETTERS_FOR_DIGITS)) for part in ("year", "month", "day", "sequence")
    )
    try:
        of_day = date(year, month, day)
    except ValueError:
        return None
    return f"{found['kind']}{of_day:%Y%m%d}-{sequence:04d}" if sequence else None
