"""How the resident, or the person to contact, is called."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from bot.nlu.entities.spans import TAKEN, Span, span_of
from bot.nlu.entities.words import alternatives, words

_HAN = r"[\u4e00-\u9fff]"
_STOP = rf"(?=$|[\s,。.;!?:()/\d+{TAKEN}-])"
_GOES_ON = rf"(?=$|[\s,。.;!?:()/\d+{TAKEN}-]|就行|就好|就可以|吧|即可|想|要|请|住|家住|电话|手机|号码|反映|投诉|报修)"
_ME = r"(?:我是|我叫|我名叫|这里是|这边是|我这边是|本人是?|叫我|喊我|称呼我|称我|我系)"
_RELATIVE = r"(?:我?(?:爱人|老婆|老公|妻子|丈夫|妈妈?|爸爸?|儿子|女儿|母亲|父亲|同事)(?:叫|是)?)?"
_LABEL = (
    r"(?:联系人|报事人|来电人|报告人|姓名|名字|反映人|投诉人|申请人|报修人|求助人|业主姓名|联系人姓名|户主|收件人|署名|落款)"
    rf"(?:姓名)?(?:是|叫|为|:| ){{0,2}}{_RELATIVE}"
)
_ROLE = r"(?:的|室|户|号|栋|幢|楼|座|单元|业主|住户|租户|居民|代表|房主|户主|家长|员工|村民|\d|" + TAKEN + ")"
_KIN = (
    rf"{_ME}(?:他|她|老人家?|户主|业主)?的?"
    r"(?:儿子|女儿|老婆|老公|爱人|媳妇|女婿|孙子|孙女|家属|妈妈|爸爸|母亲|父亲)"
)
_RESIDENT = r"(?:^|[,。;!? 的])(?:业主|居民|住户|租户|村民)"
_LEAD = rf"(?:(?:{_ME}[^,。;!?]{{0,30}}?{_ROLE}(?:代表)?|{_KIN}|{_ME}|{_RESIDENT}) ?|{_LABEL})"
_BAD_ENDS = set("的了吗呢吧啊人户员者们是在有没不就也都很个这那要来去说等和与")
_BAD_INSIDE = set("的了吗呢吧是我你他她它们在有没不就也都很个这那哪什么")
_NOT_FAMILY = set("名什啥氏甚么的")


@lru_cache(maxsize=1)
def _titled() -> str:
    surname, honorific = alternatives("names", "surnames"), alternatives("names", "honorifics")
    return rf"{surname}{_HAN}{{0,2}}?{honorific}"


@lru_cache(maxsize=1)
def _patterns() -> tuple[re.Pattern[str], ...]:
    """In the order of how much they can be trusted; group 1 is the name."""
    surname, titled = alternatives("names", "surnames"), _titled()
    full = rf"{surname}{_HAN}{{1,2}}?"
    familiar = rf"[老小阿]{surname}"
    return (
        re.compile(rf"{_LEAD}({titled}){_GOES_ON}"),
        re.compile(rf"{_LEAD}({familiar}|{full}){_GOES_ON}"),
        re.compile(
            rf"(?:^|[,。;!? :({TAKEN}\d室栋元])({titled})(?=$|[\s,。.;!?():]*$|[\s,:(]{{0,2}}{TAKEN}|[ ,](?![你您]好))"
        ),
        re.compile(rf"(?:[他她]|老伴|爱人|老公|老婆|我[妈爸]|儿子|女儿)(?:名字)?叫({full}){_STOP}"),
        re.compile(rf"^({familiar})(?=[ ,]{{0,2}}{TAKEN})"),
    )


_FAMILY = re.compile(
    r"(?:我|本人|免贵|敝|鄙|^|[,。;!? :是]|业主|户主|住户|联系人|[报反][事映]人|孩子[妈爸]{1,2})"
    r"\s?(?:免贵)?姓(欧阳|上官|司马|诸葛|司徒|[\u4e00-\u9fff])"
    rf"(?:的)?(女士|先生|小姐|阿姨|大爷|老师)?(?=$|[\s,。.;!?:()/\d{TAKEN}-]|我|住|家|是|电话|手机|叫|单名)"
)


@lru_cache(maxsize=1)
def _beside_phone() -> tuple[re.Pattern[str], ...]:
    surname = alternatives("names", "surnames")
    name = rf"{_titled()}|[老小阿]{surname}|{surname}{_HAN}{{1,2}}"
    words_between = r"(?: |,|:|\(|电话|手机|号码|联系|方式|是|号|、|的){0,4}"
    lone = rf"(?:^|[\s,:{TAKEN}])({surname})[ ,:]{{0,2}}$"
    before = rf"(?:^|[^\u4e00-\u9fff]|联系|联系人|联系人是|打给)({name}){words_between}$"
    after = rf"(?: |,|:|\(|\)|联系人|找|。){{0,3}}({name})(?=$|[^\u4e00-\u9fff])"
    return re.compile(before), re.compile(after), re.compile(lone)


@lru_cache(maxsize=1)
def _behind_room() -> re.Pattern[str]:
    surname = alternatives("names", "surnames")
    return re.compile(rf"[ ,]?([老小]{surname}|{surname}{_HAN}{{1,2}}?)(?=$|[\s,。;]|{TAKEN})")


_REACH = 24


def find(text: str, phones: Iterable[Span] = (), address: Iterable[Span] = ()) -> Span | None:
    """The name, or None. text: with phones, times and addresses hidden; the others: where those stand."""
    candidates = [*_said(text), *_family(text), *_near(text, phones), *_of_room(text, address)]
    return next((span for span in candidates if _is_name(span.value)), None)


def _said(text: str) -> Iterator[Span]:
    introduced, named, alone, *weaker = _patterns()
    for pattern in (introduced, named):
        for match in pattern.finditer(text):
            yield span_of("name", text, match.start(1), match.end(1), match[1])
    if not _FAMILY.search(text):
        for pattern in (alone, *weaker):
            for match in pattern.finditer(text):
                yield span_of("name", text, match.start(1), match.end(1), match[1])


def _family(text: str) -> Iterator[Span]:
    for match in _FAMILY.finditer(text):
        if match[1] not in _NOT_FAMILY:
            yield span_of("name", text, match.start(1), match.end(), match[1] + (match[2] or ""))


def _near(text: str, phones: Iterable[Span]) -> Iterator[Span]:
    before, after, lone = _beside_phone()
    for phone in phones:
        head = max(0, phone.start - _REACH)
        found = (
            before.search(text, head, phone.start),
            after.match(text, phone.end),
            lone.search(text, head, phone.start),
        )
        for match in found:
            if match:
                yield span_of("name", text, match.start(1), match.end(1), match[1])


def _of_room(text: str, address: Iterable[Span]) -> Iterator[Span]:
    for part in address:
        match = _behind_room().match(text, part.end) if part.entity == "room" else None
        if match:
            yield span_of("name", text, match.start(1), match.end(1), match[1])


@lru_cache(maxsize=1)
def _not_names() -> frozenset[str]:
    return frozenset(words("names", "not_names"))


def _is_name(value: str) -> bool:
    if value in _not_names() or any(value.startswith(word) for word in _not_names() if len(word) > 1):
        return False
    if re.fullmatch(_titled(), value) or len(value) == 1:
        return not set(value) & _BAD_INSIDE
    return value[-1] not in _BAD_ENDS and not set(value[1:]) & _BAD_INSIDE
