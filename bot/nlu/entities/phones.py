"""Phone numbers at which the resident can be reached."""

from __future__ import annotations

import re

from bot.nlu.entities.numerals import HAN_DIGIT, read_out
from bot.nlu.entities.spans import Span, span_of

_D = rf"[\d{HAN_DIGIT}]"
_GAP = r"[ \-.·—,、]{0,2}"
_MOBILE = re.compile(
    rf"(?<![\d{HAN_DIGIT}A-Za-z])(?:(?:\+|00)?86[ -]?)?"
    rf"([1一幺][ -]?[3-9三四五六七八九](?:{_GAP}{_D}){{9}})(?![\d{HAN_DIGIT}A-Za-z]|[-]\d)"
)
_MISTYPED_MOBILE = re.compile(r"(?<![\dA-Za-z])(1[3-9][\dOoIl]{9})(?![\dA-Za-z])")
_LANDLINE = re.compile(r"(?<![\d.-])\(?(0(?:10|2\d|[3-9]\d{2}))\)?[ -]{0,2}([2-8]\d{2,3}[ -]?\d{4})(?![\d]|-\d{5})")
_SPOKEN_LANDLINE = re.compile(rf"(?<![\d{HAN_DIGIT}])(零[{HAN_DIGIT}]{{9,11}})(?![\d{HAN_DIGIT}])")
_LOCAL = re.compile(r"(?:电话|座机|固话|号码|打)(?:号码|号|是|为|:|打|就| ){0,3}([2-8]\d{2,3}[ -]?\d{4})(?![\d\-])")
_LETTERS = str.maketrans("OoIl", "0011")

# What stands before a number that is somebody else's, or no longer in use.
_OTHERS = re.compile(
    r"(?:物业|客服|热线|售后|公司|管家|对方|骗子|诈骗|陌生|师傅|保安|中介|房东|开发商|施工队|医院|社区|居委会|投诉|报修|咨询|骚扰|前台|办公室|维修|"
    r"供电|供水|燃气|自来水|派出所|开锁|贷款|推销|老板|店家|商家|快递员|骑手|卖家|楼上|邻居|车主|自称)[^,。;!?]{0,6}$"
)
_CALLED = re.compile(r"(?:接到|收到|来电|打了|拨打|一直打|打过)[^,。;!?]{0,5}$")
_OLD = re.compile(
    r"(?:别打|不要打|不要再打|别再打|不是|停用|停机|旧号码?|老号码?|(?:原来|以前|之前)的|写错|打不通)[^,。;!?]{0,8}$"
)
_OLD_AFTER = re.compile(
    r"^[ ,]?(?:这个|那个|号码|这个号)?(?:已经|已)?"
    r"(?:停用|停机|不用了|打不通|作废|换了|写错|错了|是骗子|说是|自称|,说我)"
)
_FAMILY = re.compile(
    r"(?:老公|老婆|爱人|丈夫|妻子|儿子|女儿|媳妇|女婿|我妈|我爸|妈妈|爸爸|家人|老伴|朋友)(?:的|电话|手机|号码|是|:| )*$"
)
_OWN = re.compile(
    r"(?:我的|我手机|我电话|本人|联系|手机号?|打这个|新号码?|改成|换成|应该是|可打|请打|打|拨|微信同号)[^,。;!?]{0,6}$"
)
_SPEAKER = re.compile(
    r"(?:^|[\s,。;是]|[报联][事系]人:?)[\u4e00-\u9fff]师傅[ ,:]?(?:的?(?:电话|手机)号?码?)?(?:是|:| ){0,2}$"
)
_REACH = 12


def find(text: str) -> list[Span]:
    """The numbers found, the one for contact first. Numbers that are plainly another's are left out."""
    found = _all(text)
    scored = [(score, -order, span) for order, span in enumerate(found) if (score := _score(text, span)) >= 0]
    return [span for _, _, span in sorted(scored, key=lambda item: item[:2], reverse=True)]


def find_all(text: str) -> list[Span]:
    """Every phone number, whosesoever it is."""
    return _all(text)


def _all(text: str) -> list[Span]:
    found: list[Span] = []
    for pattern, reading in (
        (_MOBILE, _mobile),
        (_MISTYPED_MOBILE, _mobile),
        (_LANDLINE, _landline),
        (_SPOKEN_LANDLINE, _spoken_landline),
        (_LOCAL, _local),
    ):
        for match in pattern.finditer(text):
            number = reading(match)
            start = match.start(1) if pattern is _LOCAL else match.start()
            if number and not any(start < other.end and other.start < match.end() for other in found):
                found.append(span_of("phone", text, start, match.end(), number))
    return sorted(found, key=lambda span: span.start)


def _mobile(match: re.Match[str]) -> str | None:
    digits = read_out(match[1].translate(_LETTERS))
    return digits if len(digits) == 11 else None


def _landline(match: re.Match[str]) -> str | None:
    local = match[2].replace(" ", "").replace("-", "")
    return match[1] + local


def _spoken_landline(match: re.Match[str]) -> str | None:
    return read_out(match[1])


def _local(match: re.Match[str]) -> str | None:
    return match[1].replace(" ", "").replace("-", "")


def _score(text: str, span: Span) -> int:
    """Below 0: not a number to reach the resident at."""
    before = text[max(0, span.start - _REACH) : span.start]
    after = text[span.end : span.end + _REACH]
    if _OLD.search(before) or _OLD_AFTER.match(after):
        return -1
    if _FAMILY.search(before):
        return 0
    if _OWN.search(before) and not _OTHERS.search(before):
        return 2
    if _SPEAKER.search(before):
        return 1
    if _OTHERS.search(before) or _CALLED.search(before):
        return -1
    return 1
