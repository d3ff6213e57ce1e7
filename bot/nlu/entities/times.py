"""When the resident can be visited or reached, or wants something: not when the trouble began or goes on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from bot.community.clock import LOCAL
from bot.nlu.entities import clocks, dates
from bot.nlu.entities.spans import TAKEN, Span

_START = re.compile(
    r"[现元国春五清端今明后昨前大上下这本每逢除周星礼双工平随任全整一休放节哪过凌拂早清晨午中正晌傍黄晚夜半深去刚以天白\d二两三四五六七八九十几好]"
)
_INSIDE = re.compile(
    r"[\dA-Za-z.:-]\d$|[零〇一二两三四五六七八九十百][零〇一二三四五六七八九十百]$|[路街巷弄道第楼层元栋幢室\d][\d一二三四五六七八九十]$"
)  # in the middle of a number
_JOIN = re.compile(r"[ ,的]{0,1}")
_RANGE = re.compile(r" ?(?:到|至|-|~|—|–)+ ?")
_AFTER = re.compile(r"(?:钟)?(?:以后|之后|过后|往后|后(?!面|门|天)|起)")
_BEFORE = re.compile(r"(?:钟)?(?:以前|之前|前(?!面|门|天))")
_ABOUT = re.compile(r"(?:钟)?(?:左右|前后|多|来钟|吧)")
_LOOSE = re.compile(
    r"(?:工作日|周末|每天|平时|节假日)?(?:的)?(?:下班(?:以后|之后|后|了)?|放学(?:以后|之后|后)|午休(?:时间|时)?|上班时间|工作时间|休息时间|晚饭(?:以后|之后|后)|白天|全天|整天|一整天)(?:的时候|时间)?"
)
_AT_HOME = re.compile(r"(?:一般|基本|基本上|通常|应该)?(?:都|全|一直)在家")
_BARE_HOME = re.compile(r"(?:一直|我?都|随时都?|每天都?|天天都?)在家")
_RATHER = re.compile(r"(?:一般|平时|通常|平常|每天|每晚)(?:都)?$")
_HOURS_LATER = re.compile(r"(半|\d{1,2}|[一二两三四五六七八九十]{1,2})个?(?:半)?(?:小时|钟头)(?:以后|之后|后)")
_MINUTES_LATER = re.compile(r"(\d{1,2}|[一二三四五]?十[五]?)分钟(?:以后|之后|后)")
_NOW = re.compile(r"现在(?=就?(?:在家|有空|方便|可以来|可以上门|可以过来|就?能来|家里有人|有人在家))")
_LINK = re.compile(r" ?(?:,?或者?|或是|和|跟|、|还是|及|以及|,?要么) ?")

_CLAUSE_END = re.compile(r"[,。;!?\s]")
_WELCOME_AFTER = re.compile(
    r"在家|在屋|(?:都|我|人)在(?:的|$|[,。;!?])|有空|有时间|有人(?:在|开门)|没事|休息|方便|可以|都行|就行|也行|都可|都好|行不行|行吗|好吗|比较好|最好|"
    r"(?<![回起原本从下出近后上])来(?!了|自|往|源|不及|得及|到|过|着)|过来(?!了)|上门(?!了|的)|派(?:人|个|师傅)|再来|再打|联系我|打给我|打电话(?!给物业|报)|回电|给我(?:打|来|回)|送(?:到|来|过来|货|餐)|取件|修(?!了|好了|过)|处理一下|看一下|看看|约|预约|咨询|见面|接送|帮我"
)
_WELCOME_BEFORE = re.compile(
    r"约|预约|预订|预定|订|定在|尽量|最好|麻烦|改到|改成|改为|改在|推迟到|提前到|换到|换成|时间是?|时间:|安排在?|能不能|可以在|等我|只有|我?要|报名|帮我|送|来"
)
_MOVED_TO = re.compile(r"(?:改到|改成|改为|改在|改约|推迟到|提前到|换到|换成|延到|不对,?是?|应该是|而是)$")
_DENIED = re.compile(r"(?:不是|不要|别在|别|说|说好|答应|通知|原定|原来)$")
_UNWELCOME = re.compile(
    r"^(?:别|不|都?可能|都?会|都?要|都?有危|危)|没空|不在|不方便|不行|没人|没时间|不可以|不能来|不用来|别来|上班(?![后以之时])|没来|没有人|出差|不要来"
)
_TROUBLE = re.compile(
    r"开始|发现|停水|停电|停气|停暖|停梯|来水|来电|断水|断电|漏|坏|施工|吵|噪|扰民|发生|以来|至今|到现在|跳舞|跳广场舞|唱|叫个|烧|打麻将|营业|不亮|装修|电钻|钻|堵|摔|被困|打不开|还没|才来|跳闸|冒烟|着火|"
    r"偷|臭|轰鸣|敲|砸|狗叫|哭|叫|喊|醒|睡|截止|到期|过期|考试|开学|上学|开庭|生日|结婚|手术|出院|住院|去世|走了|值班|下雨|降温|天气|气温|放映|比赛|使用|电锤|作业|运转|轰|热得|冷得|没水|没电|没气|没热水|突然"
)
_QUESTION = re.compile(
    r"吗|么(?!样)|几点|多少|什么|哪里|哪个|上班(?!后|以后|之后|时间)|开门|开放|营业|有没有|开不开|办公|截止|呢"
)
_WISH = re.compile(r"约|预约|订|报名|上门|来人|来修|来看|派人|能来|可以来|来吗|行吗|可以吗|方便吗|送")
_REACH = 14
_FEW = 8  # characters beside the time in a message that only answers when


@dataclass(frozen=True)
class Expression(Span):
    """A time in the text; value {"text", "iso", "end"}. past: it is over. certain: it names a day to come."""

    past: bool = False
    certain: bool = False


def find_all(text: str, *, now: datetime) -> list[Expression]:
    """Every time in the text, past ones too. now: aware."""
    moment = now.astimezone(LOCAL)
    found: list[Expression] = []
    position = 0
    while match := _START.search(text, position):
        inside = _INSIDE.search(text, max(0, match.start() - 2), match.start() + 1)
        expression = None if inside else _read(text, match.start(), moment)
        if expression:
            found.append(expression)
            position = expression.end
        else:
            position = match.start() + 1
    return found


def choose(text: str, expressions: Sequence[Expression]) -> Span | None:
    """The time at which the resident is available or wants something, if one is named."""
    groups = _grouped(text, [item for item in expressions if not item.past])
    scored = [(score, -order) for order, item in enumerate(groups) if (score := _score(text, item)) > 0]
    if scored:
        return _with_home(text, groups[-max(scored)[1]])
    home = _BARE_HOME.search(text) if not expressions else None
    return home and Span("time", home.start(), home.end(), _value(home[0]), home[0])


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
    value = _value(words, first.value["iso"], last.value["iso"] if days else None)
    return Expression("time", first.start, last.end, value, words, certain=first.certain or last.certain)


def _with_home(text: str, chosen: Expression) -> Span:
    home = _AT_HOME.match(text, chosen.end) if chosen.value["iso"] is None else None
    end = home.end() if home else chosen.end
    value = {**chosen.value, "text": text[chosen.start : end]}
    return Span("time", chosen.start, end, value, value["text"])


def _value(text: str, iso: str | None = None, end: str | None = None) -> dict[str, Any]:
    return {"text": text, "iso": iso, "end": end}


def _score(text: str, item: Expression) -> int:
    begin = max(
        (m.end() for m in _CLAUSE_END.finditer(text, max(0, item.start - 40), item.start)),
        default=max(0, item.start - 40),
    )
    stop = _CLAUSE_END.search(text, item.end, item.end + 40)
    before = text[begin : item.start]
    after = text[item.end : stop.start() if stop else item.end + 40]
    near = after[:_REACH] + ("" if len(after) <= _REACH else "…")
    if _UNWELCOME.search(near) or _DENIED.search(before):
        return 0
    rest = (text[: item.start] + text[item.end :]).strip(" ,。.!?吧的呢啊")
    trouble = _TROUBLE.search(after) or _TROUBLE.search(before)
    asked = _QUESTION.search(after) and not _WISH.search(before + after)
    if len(rest) <= _FEW and not trouble and not _QUESTION.search(rest):
        return 6
    if trouble and not _comes_first(_WELCOME_AFTER.search(near), _TROUBLE.search(after)):
        return 0
    if asked:
        return 0
    if _MOVED_TO.search(before):
        return 7
    if _WELCOME_AFTER.search(near):
        return 4 + item.certain
    if _WELCOME_BEFORE.search(before[-_REACH:]) or _stands_alone(text, item, before, after):
        return 3 + item.certain
    return 2 if item.certain else 0


def _comes_first(welcome: re.Match[str] | None, trouble: re.Match[str] | None) -> bool:
    return welcome is not None and (trouble is None or welcome.start() < trouble.start())


def _stands_alone(text: str, item: Expression, before: str, after: str) -> bool:
    """A clause that is nothing but the time, at the end or before a phone number."""
    if before.strip() or after.strip(" 吧都"):
        return False
    return not text[item.end :].strip(" ,。.!?吧") or TAKEN in text[item.end : item.end + 8]


def _read(text: str, position: int, now: datetime) -> Expression | None:
    later = _read_later(text, position, now)
    if later:
        return later
    loose = _LOOSE.match(text, position)
    if loose:
        return Expression("time", position, loose.end(), _value(loose[0]), loose[0])
    return _read_day_and_clock(text, position, now)


def _read_later(text: str, position: int, now: datetime) -> Expression | None:
    """半小时后, 二十分钟以后."""
    at_once = _NOW.match(text, position)
    if at_once:
        return Expression(
            "time", position, at_once.end(), _value(at_once[0], _moment(now.date(), now.time())), at_once[0]
        )
    for pattern, minutes in ((_HOURS_LATER, 60), (_MINUTES_LATER, 1)):
        match = pattern.match(text, position)
        if match:
            count = 0.5 if match[1] == "半" else dates.value_of(match[1])
            at = now + timedelta(minutes=count * minutes)
            return Expression("time", position, match.end(), _value(match[0], _moment(at.date(), at.time())), match[0])
    return None


def _read_day_and_clock(text: str, position: int, now: datetime) -> Expression | None:
    today = now.date()
    day = dates.read(text, position, today)
    end = day.end_at if day else position
    place = _JOIN.match(text, end).end() if day else end  # type: ignore[union-attr]  # it matches the empty text
    loose = _LOOSE.match(text, place) if day else None
    if day and loose:
        return _of_day(text, position, loose.end(), day, now)
    part = clocks.read_part(text, place, after_day=day is not None)
    end = part.end_at if part else end
    place = _JOIN.match(text, end).end()  # type: ignore[union-attr]
    clock = clocks.read_clock(text, place)
    if clock and clock.plain and not (day or part or _is_clock(text, clock.end_at)):
        clock = None
    if clock is None:
        return _without_clock(text, position, end, day, part, now)
    return _with_clock(text, position, day, part, clock, now)


def _is_clock(text: str, position: int) -> bool:
    """三点 alone may count points; 三点以后 and 三点到五点 are times."""
    return bool(
        _AFTER.match(text, position)
        or _BEFORE.match(text, position)
        or _ABOUT.match(text, position)
        or (_RANGE.match(text, position) and clocks.read_clock(text, _RANGE.match(text, position).end()))  # type: ignore[union-attr]
        or position == len(text)
    )


def _of_day(text: str, start: int, end: int, day: dates.Day, now: datetime) -> Expression:
    until = _BEFORE.match(text, end)
    if until and day.first and not day.past:
        words, today = text[start : until.end()], now.date().isoformat()
        return Expression(
            "time", start, until.end(), _value(words, today, day.first.isoformat()), words, certain=day.clear
        )
    since = _AFTER.match(text, end)
    end = since.end() if since else end
    value = _value(text[start:end], day.first and day.first.isoformat(), day.last and day.last.isoformat())
    return Expression(
        "time", start, end, value, text[start:end], day.past, day.first is not None and not day.past and day.clear
    )


def _without_clock(
    text: str, start: int, end: int, day: dates.Day | None, part: clocks.Part | None, now: datetime
) -> Expression | None:
    if day is None and part is None:
        return None
    if day is None and part is not None:
        usual = _RATHER.search(text, max(0, start - 4), start) or re.match(r"都|一般|基本|才|都会", text[end:])
        ahead = now.hour < part.over_at
        iso = now.date().isoformat() if ahead and not usual else None
        return Expression("time", start, end, _value(text[start:end], iso), text[start:end])
    assert day is not None  # noqa: S101 (for the type checker)
    found = _of_day(text, start, end, day, now)
    if part and day.first == now.date() and now.hour >= part.over_at:
        return Expression("time", start, found.end, found.value, found.text, past=True)
    if day.first == now.date():
        return Expression("time", start, found.end, found.value, found.text, day.past, False)
    return found


def _with_clock(
    text: str, start: int, day: dates.Day | None, part: clocks.Part | None, clock: clocks.Clock, now: datetime
) -> Expression | None:
    name = part.name if part else None
    is_today = day is not None and day.first == now.date()
    begins = clocks.time_of(clock, name, not_before=now.time() if day is None or is_today else None)
    if begins is None:
        return None
    end, last = _range_end(text, clock, name, begins)
    after, before = _AFTER.match(text, end), _BEFORE.match(text, end)
    qualifier = after or before or _ABOUT.match(text, end)
    end = qualifier.end() if qualifier else end
    first_day = day.first if day else _next_day(begins, last, now)
    words = text[start:end]
    if first_day is None or (day and day.past):
        return Expression("time", start, end, _value(words), words, bool(day and day.past))
    closes = last or begins
    over = is_today and datetime.combine(first_day, closes) < now.replace(tzinfo=None) and not after
    iso, until = _moment(first_day, begins), last and _moment(first_day, last)
    if before and not last:
        iso, until = first_day.isoformat(), _moment(first_day, begins)
    return Expression(
        "time", start, end, _value(words, iso, until), words, over, day is not None and day.clear and not is_today
    )


def _range_end(text: str, clock: clocks.Clock, part: str | None, begins: time) -> tuple[int, time | None]:
    """Where the expression ends, and the end of 三点到五点."""
    link = _RANGE.match(text, clock.end_at)
    if not link:
        return clock.end_at, None
    other = clocks.read_part(text, link.end(), after_day=False)
    closing = clocks.read_clock(text, other.end_at if other else link.end())
    if not closing:
        return clock.end_at, None
    closes = clocks.time_of(closing, other.name if other else part)
    if closes and closes <= begins and closing.hour <= 12:
        closes = clocks.time_of(closing, "下午") or closes
    return closing.end_at, closes if closes and closes > begins else None


def _next_day(begins: time, last: time | None, now: datetime) -> date:
    """Today while the time still lies ahead, else tomorrow."""
    return now.date() if (last or begins) > now.time() else now.date() + timedelta(days=1)


def _moment(day: date, at: time) -> str:
    return f"{day.isoformat()}T{at:%H:%M}"
