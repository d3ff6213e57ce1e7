"""When the resident can be visited or reached, or wants something: not when the trouble began or goes on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from bot.nlu.entities.spans import TAKEN, Span
from bot.nlu.entities.times import Expression, time_value
from bot.nlu.entities.words import alternatives

_CLAUSE_END = re.compile(r"[,。;!?\s]")
_CLAUSE = 40  # characters of a clause on either side that are read
_REACH = 14  # how far behind a time the word stands that tells what the time is for
_LINK = re.compile(r" ?(?:,?或者?|或是|和|跟|、|还是|及|以及|,?要么) ?")
_AT_HOME = re.compile(r"(?:一般|基本|基本上|通常|应该)?(?:都|全|一直)在家")
_BARE_HOME = re.compile(r"(?:一直|我?都|随时都?|每天都?|天天都?)在家")

_ABOUT = {"about": "availability"}


def choose(text: str, expressions: Sequence[Expression]) -> Span | None:
    """The time at which the resident is available or wants something, if one is named."""
    groups = _grouped(text, [item for item in expressions if not (item.past or item.present)])
    scored = [(score, -order) for order, item in enumerate(groups) if (score := _score(text, item)) > 0]
    if scored:
        return _with_home(text, groups[-max(scored)[1]])
    home = _BARE_HOME.search(text) if all(item.present for item in expressions) else None
    return home and Span("time", home.start(), home.end(), time_value(home[0]) | _ABOUT, home[0])


def _grouped(text: str, expressions: Sequence[Expression]) -> list[Expression]:
    """周六上午或者周日 is one answer."""
    groups: list[Expression] = []
    for item in expressions:
        if groups and (groups[-1].end == item.start or _LINK.fullmatch(text, groups[-1].end, item.start)):
            groups[-1] = _joined(text, groups[-1], item)
        else:
            groups.append(item)
    return groups


def _joined(text: str, first: Expression, last: Expression) -> Expression:
    days = all(item.value["iso"] and "T" not in item.value["iso"] for item in (first, last))
    words = text[first.start : last.end]
    value = time_value(words, first.value["iso"], last.value["iso"] if days else None)
    return Expression("time", first.start, last.end, value, words, certain=first.certain or last.certain)


def _with_home(text: str, chosen: Expression) -> Span:
    home = _AT_HOME.match(text, chosen.end) if chosen.value["iso"] is None else None
    end = home.end() if home else chosen.end
    value = chosen.value | {"text": text[chosen.start : end]} | _ABOUT
    return Span("time", chosen.start, end, value, value["text"])


@lru_cache(maxsize=16)
def _words(kind: str) -> re.Pattern[str]:
    return re.compile(alternatives("times", kind))


@lru_cache(maxsize=4)
def _before(kind: str) -> re.Pattern[str]:
    return re.compile(alternatives("times", kind) + "$")


@lru_cache(maxsize=1)
def _only_filler() -> re.Pattern[str]:
    return re.compile(rf"(?:{alternatives('times', 'filler')}|[ ,。.!?~]){{0,12}}")


def _score(text: str, item: Expression) -> int:
    """How sure it is that the time is when somebody can be met or wants something; 0: it is not."""
    before, after = _clause(text, item)
    if item.text.startswith("除了"):
        return 5
    near = after[:_REACH] + ("" if len(after) <= _REACH else "…")
    if _words("unwelcome").search(near) or _before("denied").search(before):
        return 0
    if _before("moved").search(before) or _before("moved").search(text, max(0, item.start - 6), item.start):
        return 8
    if _only_filler().fullmatch(text[: item.start] + text[item.end :]):
        return 7
    available, trouble = _words("available").search(near), _words("trouble").search(after)
    if _before("asked_for").search(before):
        return 4 + item.certain
    if _words("trouble").search(before) or (trouble and not (available and available.start() < trouble.start())):
        return 0
    if available and not (_words("question").search(after) and not _words("wish").search(before + after)):
        return 5 + item.certain
    return _wanted(text, item, before, after, near)


def _wanted(text: str, item: Expression, before: str, after: str, near: str) -> int:
    """The same for times at which something is to be done."""
    wish = _words("wish").search(text)
    if not wish and TAKEN not in text:
        return 0
    if _words("question").search(after) and not _words("wish").search(before + after):
        return 0
    if _words("requested").search(near):
        return 4 + item.certain
    if _words("asked_before").search(before[-_REACH:]) or _stands_alone(text, item, before, after):
        return 3 + item.certain
    return 2 if item.certain else 0


def _clause(text: str, item: Expression) -> tuple[str, str]:
    """What stands before and after a time in its clause."""
    begin = max(0, item.start - _CLAUSE)
    begin = max((mark.end() for mark in _CLAUSE_END.finditer(text, begin, item.start)), default=begin)
    stop = _CLAUSE_END.search(text, item.end, item.end + _CLAUSE)
    return text[begin : item.start], text[item.end : stop.start() if stop else item.end + _CLAUSE]


def _stands_alone(text: str, item: Expression, before: str, after: str) -> bool:
    """A clause that is nothing but the time, at the end or before a phone number."""
    if before.strip() or after.strip(" 吧都"):
        return False
    return not text[item.end :].strip(" ,。.!?吧") or TAKEN in text[item.end : item.end + 8]
