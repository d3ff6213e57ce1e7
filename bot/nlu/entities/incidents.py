"""When the trouble was or begins: read only where no time is named at which somebody can be met."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from bot.nlu.entities.spans import Span
from bot.nlu.entities.times import Expression
from bot.nlu.entities.words import alternatives

_CLAUSE_END = re.compile(r"[,。;!?\s]")
_REACH = 30  # characters on either side that are read
_NEAR = 6
_CALENDAR = re.compile(r"[月号日]")  # 3月5日 may be the day of anything; 昨天 seldom is
_FROM = re.compile(r"(?:从|自|打)$")
_ONWARDS = re.compile(r" ?(?:开始|起(?!来)|就(?!可以|行|好))")
_STILL = re.compile(r"[到至]$")  # 到现在 only says that it goes on
_QUESTION = re.compile(r"[吗?]|什么时候|几点|多久|是不是|有没有|怎么办理|如何")


def choose(text: str, expressions: Sequence[Expression]) -> Span | None:
    """The time of the trouble: one that is over before one that goes on or is still to come."""
    dated = [item for item in expressions if item.value["iso"]]
    scored = [(score, -order) for order, item in enumerate(dated) if (score := _score(text, item)) > 0]
    if not scored:
        return None
    chosen = dated[-max(scored)[1]]
    return Span("time", chosen.start, chosen.end, chosen.value | {"about": _about(text, chosen)}, chosen.text)


def _about(text: str, item: Expression) -> str:
    """从下周一开始送饭 is what the resident wants, and no trouble."""
    wanted = item.certain and _words("wish").search(text) and not _words("broken").search(text)
    return "availability" if wanted else "incident"


@lru_cache(maxsize=8)
def _words(kind: str, end: str = "") -> re.Pattern[str]:
    return re.compile(alternatives("times", kind) + end)


def _score(text: str, item: Expression) -> int:
    """How sure it is that the trouble was then; 0: it was not."""
    before, after = _clause(text, item)
    announced = _words("trouble").search(after[:_NEAR])
    told = _words("reported_before", "$").search(before) and not announced
    if told or _words("reported").match(after) or _STILL.search(before):
        return 0
    troubled = _words("trouble").search(after) or _words("trouble").search(before) or _words("broken").search(text)
    if item.past:
        return 4 if not _CALENDAR.search(item.text) else 3 if troubled and _words("trouble").search(after) else 0
    if _QUESTION.search(text):
        return 0
    if _FROM.search(before) or _ONWARDS.match(text, item.end):
        return 2 if troubled or _FROM.search(before) else 0
    today = item.today and not _words("unwelcome").search(after[:8])
    return 1 if today and (_words("trouble").search(after) or _words("broken").search(before + after)) else 0


def _clause(text: str, item: Expression) -> tuple[str, str]:
    """What stands before and after a time in its clause."""
    begin = max(0, item.start - _REACH)
    begin = max((mark.end() for mark in _CLAUSE_END.finditer(text, begin, item.start)), default=begin)
    stop = _CLAUSE_END.search(text, item.end, item.end + _REACH)
    return text[begin : item.start], text[item.end : stop.start() if stop else item.end + _REACH]
