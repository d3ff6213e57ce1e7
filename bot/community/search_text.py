"""Text to search terms, the same for what is stored and what is asked, on every database.

Chinese has no spaces and needs no dictionary here: a run of characters becomes its pairs and its single characters
(水管维修: 水管 管维 维修 水 管 维 修). Latin words and numbers stay whole.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

MAX_QUERY = 200
_RUN = re.compile(r"[㐀-䶿一-鿿豈-﫿]+|[a-z0-9]+")
_COMMUNITY = "c:"
EVERYWHERE = f"{_COMMUNITY}:all"


def normalise(text: str) -> str:
    """Full width to half width, lower case, without what can't be stored."""
    return unicodedata.normalize("NFKC", text).lower().replace("\x00", "")


def runs(text: str) -> list[str]:
    """Unbroken Chinese runs and Latin words of a text, normalised, in order."""
    return _RUN.findall(normalise(text))


def is_chinese(run: str) -> bool:
    return not run[0].isascii()


def pairs(run: str) -> list[str]:
    """Neighbouring characters of a Chinese run; a Latin word is one term."""
    if not is_chinese(run):
        return [run]
    return [run[n : n + 2] for n in range(len(run) - 1)]


def index_terms(texts: Iterable[str | None], community_id: str | None) -> str:
    """The search_text of a row: each term once, separated by single spaces, and the mark of its community."""
    found = dict.fromkeys([community_mark(community_id)])
    for text in texts:
        for term in _terms(text or ""):
            found[term] = None
    return " ".join(found)


def community_mark(community_id: str | None) -> str:
    """The term that rows of one community share; None marks rows for all communities."""
    return EVERYWHERE if community_id is None else f"{_COMMUNITY}{community_id.lower()}"


def _terms(text: str) -> Iterator[str]:
    for run in runs(text):
        yield from pairs(run)
        if is_chinese(run):
            yield from run
