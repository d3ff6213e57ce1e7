"""The grammar of what stands behind a compound's name: building, unit, floor and room.

A chain is a run of such parts (3栋2单元501, 三栋 二单元 五零一, 3-2-501, 12号楼1802室). This module finds the chains of
a text and leaves numbers alone that count, price, date or rank something; `addresses.py` decides whose they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from bot.nlu.entities.numerals import HAN, digits_of
from bot.nlu.entities.spans import TAKEN
from bot.nlu.entities.words import alternatives

ORDER = ("building", "unit", "floor", "room")
Parts = dict[str, str]


@dataclass(frozen=True)
class Chain:
    """Parts at text[start:end]."""

    start: int
    end: int
    parts: Parts


_DIGIT = "零〇一二三四五六七八九幺"
_NUMBER = rf"(?:\d{{1,3}}|[{HAN}]{{1,4}})"
_LETTER = "[A-WYZa-wyz]"  # X stands for what a letter to the mayor keeps to itself
_NAME = rf"(?:{_LETTER}\d{{0,2}}(?![A-Za-z])|\d{{1,3}}{_LETTER}?|[{HAN}]{{1,4}}|[甲乙丙丁戊])"
_ROOM = (
    rf"(?:\d{{3,4}}{_LETTER}?|[一二三四五六]?十[一二三四五六七八九]?[零〇][一二三四五六七八九]|[一二三四五六七八九]百[零〇][一二三四五六七八九]"
    rf"|[{_DIGIT}]{{3,4}})"
)
_DASH = r" ?[-–—―/杠~] ?"
_FREE = rf"(?<![\dA-Za-z{HAN}两几])"  # the left end of a number
_NO_MORE = rf"(?![\d{HAN}])"
_NOT_MEASURED = (
    r"(?!(?:户(?!主)|人|元|块|天|年|月|日|号(?:[上下晚早]|线|楼)|平|米|m|斤|公斤|度|分|秒|小时|个|多|余|左右|万|千|亿|百|%|瓦|伏|次|家|层|楼|"
    r"栋|幢|单元|路|点|期|名|位|台|辆|部|张|条|只|套|车位|来[个人户]|几|号文|\.\d|:\d|[-/]\d))"
)
_ROOM_WORD = (
    r" ?(?:号?室(?![一二两三四1-4]?厅|内|外|温|友)|号?房(?![子屋价东产顶租])间?|号(?![线楼上下早晚])|户(?![型籍口]))"
)

_BUILDING_WORD = r" ?(?:号楼栋?|号[栋幢座]|[栋幢]楼?|#楼?)"
_BUILDING = re.compile(rf"{_FREE}(?:(?<!门)第)?({_NAME})(?:{_BUILDING_WORD}|#)")
_TOWER = re.compile(rf"{_FREE}({_LETTER}\d{{0,2}}) ?座(?![椅位])")
_NUMBERED_TOWER = re.compile(rf"{_FREE}({_NUMBER}) ?座(?= ?(?:{_NUMBER} ?(?:单元|楼|层)|{_ROOM}))")
_HOUSE_NUMBER = re.compile(
    rf"(?<![路街道巷\dA-Za-z{HAN}同])({_NUMBER}) ?号门?(?= ?(?:{_NUMBER} ?单元|\d{{3,4}} ?(?:室|房|$|[,。;!?\s的])))"
)
_RANGE = re.compile(
    rf"{_FREE}({_NAME})(?:[栋幢]|号楼|#)?[-~—至到、和及与]{{1,2}}(?=(?:{_NAME}[-~—至到、和及与]){{0,5}}{_NAME}(?:{_BUILDING_WORD}|#))"
)
_UNIT = re.compile(rf"{_FREE}第?({_NAME}|[东西中](?=单元)) ?单元")
_GATE_UNIT = re.compile(rf"({_NUMBER}) ?门(?= ?{_ROOM})")
_FLOOR = re.compile(
    rf"{_FREE}第?(负 ?[\d{HAN}]{{1,2}}|[Bb]\d|{_NUMBER}) ?[楼层](?![下顶道梯栋房盘宇间])(?!上[的那邻住下])"
)
_ROOM_NAMED = re.compile(rf"{_FREE}({_ROOM}){_NO_MORE}{_ROOM_WORD}")
_ROOM_BARE = re.compile(rf"({_ROOM}){_NO_MORE}(?![A-Za-z]){_NOT_MEASURED}")
_DOOR = re.compile(
    rf"({_NUMBER}|{_LETTER}(?=室)){_NO_MORE} ?"
    r"(?:室(?!厅|[一二两三四1-4]厅)|号房|房(?!间?[子屋价东])|号(?![线楼上下早晚文]))"
)
_UNIT_AND_ROOM = re.compile(rf"({_NAME}){_DASH}({_ROOM}){_NO_MORE}{_NOT_MEASURED}")

_TRIPLE = re.compile(
    rf"(?<![\dA-Za-z.\-–—/:+{HAN}])(?:\d{{1,2}}{_DASH})?({_NAME}){_DASH}(\d{{1,2}}|[{HAN}]{{1,2}}|{_LETTER}){_DASH}({_ROOM})"
    rf"{_NO_MORE}(?![-–—/.:]\d|%)"
)
_DOUBLE = re.compile(
    rf"(?<![\dA-Za-z.\-–—/:+{HAN}])({_NAME}) ?[-–—] ?({_ROOM}){_NO_MORE}(?![-–—/.:]\d|%){_NOT_MEASURED}"
)
_HOME = r"(?:住在?|家在|家住|我家|我是|地址(?:是|:)?|门牌号?(?:是|:)?|房号(?:是|:)?|送到|位于|业主|顶楼|顶层)"
_HOME_BEFORE = re.compile(rf"{_HOME} ?$")
_BEFORE_DOUBLE = re.compile(rf"(?:{_HOME}|[\u4e00-\u9fff)]) ?$")
_NOT_BEFORE_DOUBLE = re.compile(r"(?:约|大概|花了?|要|收|涨|交|共|有|近|到|为|每|付|从|月|年|日|型号|编号|文|第) ?$")
_BARE_ADDRESS = re.compile(  # whatever its numbers, what stands behind a district or at the end of a name is a home
    r"(?:(?:[市区县镇]|街道)[\u4e00-\u9fff]{2,8}|(?:花园|小区|新村|家园|公寓|[\u4e00-\u9fff]{2}[苑府城湾]))$"
)
_AFTER_DOUBLE = re.compile(r" ?(?:室|房|的|业主|住户|,|。|$)")
_LABELLED = {
    "building": re.compile(rf"(?:楼栋|楼号|栋号|幢号)(?:号|是|:| ){{0,2}}({_NAME})(?:号楼|[栋幢#])?{_NO_MORE}"),
    "unit": re.compile(rf"单元(?:号|是|:| ){{1,2}}({_NUMBER})(?:单元)?{_NO_MORE}"),
    "room": re.compile(rf"(?:房号|室号|门牌号?|房间号|门号)(?:是|:| ){{0,2}}({_ROOM}){_NO_MORE}{_NOT_MEASURED}"),
}
_OWN_ROOM = re.compile(rf"(?:{_HOME}|(?:^|[\s,。;!?])我) ?({_ROOM}){_NO_MORE}(?= ?(?:室|的|,|。|;|$|房|业主|住户|\s))")
_OWN_FLOOR = re.compile(
    r"(?:(?:(?<!各)住在?|家在|家住|我家在?|我是|我们(?:家|是|在)|我在|位于|房子在|屋在)(?:老楼|顶层|顶楼|这栋)?) ?"
    rf"第?(负?{_NUMBER}) ?[楼层](?![下顶道梯栋房盘宇间])(?!的?[老小]?楼)"
)


@lru_cache(maxsize=1)
def _room_of() -> re.Pattern[str]:
    """A room at the head of a clause with its resident behind it: 501王姐, 201 陶建平."""
    surname, honorific = alternatives("names", "surnames"), alternatives("names", "honorifics")
    given = r"[\u4e00-\u9fff]{0,2}"
    end = rf"(?=$|[\s,。;!?:{TAKEN}])"
    behind = rf" ?(?:{surname}{given}{honorific}{end}|[老小]{surname}{end})| {surname}{given}{end}"
    return re.compile(rf"(?:^|[\s,。;!?])({_ROOM}){_NO_MORE}(?={behind})")


_SEPARATOR = re.compile(
    r"[ ,、/\-–—·.]{0,3}(?:(?:嗯|呃|额|啊|哦|噢|那个|就是|然后)[ ,、]{0,2}){0,3}(?:[的之]|楼栋)?[ \-]?"
)
_COUNTED_BEFORE = re.compile(
    r"(?:有|共|共计|等|约|近|超过?|建|建成|新建|盖|盖了|管|管理|仅|只|几|这|那|整|哪|每|各|某|同|另|多|全|前|后|后面|前面|临街的|后排|前排|另外|所有|相邻|其余|其他|一共"
    r"|两边|旁边的|周边的?|了|连着|拆|拆了|买了?)$"
)
_ID_AFTER = re.compile(r"(?:的|\d|[A-Za-z]| ?[一二三四五六七八九十]{1,2}单元)")
_COUNTED_AFTER = re.compile(
    r"(?:楼(?![下上道梯顶前后内里的口栋门底电外大])|房|高层|住宅|建筑|别墅|商品房|安置房|居民楼|写字楼)"
)
_CODE = re.compile(r"(?:码|密码|单号|订单号?|编号|型号|车牌号?|学号|文号|班次|航班)(?:是|为|:| ){0,2}$")
_NO_UNIT_BEFORE = re.compile(rf"[同这那每某任另哪]$|[\d{HAN}](?:单元)?[到至和、-]$")
_HAN_ONLY = re.compile(rf"[{HAN}]{{1,4}}")
_HOTLINES = {"110", "119", "120", "122", "114", "999"}
_WHOLE_FLOOR = re.compile(rf"\s?(负?{_NUMBER}) ?[楼层][。.]?\s?")
_WHOLE_ROOM = re.compile(rf"\s*({_ROOM})\s*(?:室|房)?[。.]?\s*")
_ROOM_CLAUSE = re.compile(rf"[,。;\s]({_ROOM})室?(?=[,。;\s]|$)")


def find_chains(text: str) -> list[Chain]:
    """The chains in the order of the text."""
    floor = _WHOLE_FLOOR.fullmatch(text)
    if floor:
        return [Chain(floor.start(1), floor.end(1), {"floor": _floor(floor[1])})]
    whole = _WHOLE_ROOM.fullmatch(text)
    if whole and digits_of(whole[1]) not in _HOTLINES and _is_door(digits_of(whole[1])):
        return [Chain(whole.start(1), whole.end(1), {"room": digits_of(whole[1])})]
    chains: list[Chain] = []
    for start, end, parts in sorted(_starts(text), key=lambda found: (found[0], -found[1])):
        if (chains and start < chains[-1].end) or _CODE.search(text, max(0, start - 8), start):
            continue
        chains.append(_continued(text, start, end, dict(parts)))
    return chains + _room_alone(text, chains)


def _room_alone(text: str, chains: list[Chain]) -> list[Chain]:
    """A clause that is only a room, behind a building that came without one: 十一栋,没有单元,一零四."""
    if not any("building" in chain.parts for chain in chains) or any("room" in chain.parts for chain in chains):
        return []
    match = _ROOM_CLAUSE.search(text, chains[0].end)
    if not match or digits_of(match[1]) in _HOTLINES or not _is_door(digits_of(match[1])):
        return []
    return [Chain(match.start(1), match.end(1), {"room": digits_of(match[1])})]


def chain_after(text: str, position: int) -> Chain | None:
    """The chain of bare numbers right behind a compound's name: 阳光花园 3 2 501, 阳光花园501."""
    spaced = re.compile(rf" ?({_NUMBER}) ({_NUMBER}) ({_ROOM}){_NO_MORE}{_NOT_MEASURED}").match(text, position)
    if spaced:
        parts = {part: digits_of(spaced[index]) for index, part in enumerate(("building", "unit", "room"), start=1)}
        return Chain(spaced.start(1), spaced.end(), parts)
    bare = re.compile(rf" ?({_ROOM}){_NO_MORE}(?= ?(?:室|的|,|。|;|$|房|业主|住户|\s))").match(text, position)
    if bare and _is_door(digits_of(bare[1])):
        return Chain(bare.start(1), bare.end(), {"room": digits_of(bare[1])})
    return None


def _starts(text: str) -> Iterator[tuple[int, int, Parts]]:
    """Where a chain may begin, with what is certain there."""
    yield from _dashed(text)
    yield from _buildings(text)
    for match in _UNIT.finditer(text):
        if not _NO_UNIT_BEFORE.search(text, max(0, match.start() - 4), match.start()):
            yield match.start(), match.end(), {"unit": digits_of(match[1])}
    for match in _ROOM_NAMED.finditer(text):
        if text[match.start() - 1 : match.start()] not in ("第", "文", "号") and not match[0].endswith("户"):
            if match[0].endswith("号") and not _HOME_BEFORE.search(text, max(0, match.start() - 6), match.start()):
                continue
            yield match.start(), match.end(), {"room": digits_of(match[1])}
    yield from _floors(text)
    yield from _own_rooms(text)
    for part, pattern in _LABELLED.items():
        for match in pattern.finditer(text):
            yield match.start(), match.end(), {part: digits_of(match[1])}


def _own_rooms(text: str) -> Iterator[tuple[int, int, Parts]]:
    """A bare room behind words of living, or before its resident's name."""
    for match in (*_OWN_ROOM.finditer(text), *_room_of().finditer(text)):
        room = digits_of(match[1])
        if room not in _HOTLINES and (match.re is _OWN_ROOM or _is_door(room)):
            yield match.start(1), match.end(1), {"room": room}


def _dashed(text: str) -> Iterator[tuple[int, int, Parts]]:
    for match in _TRIPLE.finditer(text):
        parts = zip(("building", "unit", "room"), map(digits_of, match.groups()), strict=True)
        yield match.start(), match.end(), dict(parts)
    for match in _DOUBLE.finditer(text):
        building, room = map(digits_of, match.groups())
        before = text[: match.start()][-6:]
        alone = not before.strip(" ,。") and match.start() < len(before) + 1 and _AFTER_DOUBLE.match(text, match.end())
        placed = _BEFORE_DOUBLE.search(before) and not _NOT_BEFORE_DOUBLE.search(before)
        if (_is_door(room) and (alone or placed)) or _BARE_ADDRESS.search(
            text, max(0, match.start() - 30), match.start()
        ):
            yield match.start(), match.end(), {"building": building, "room": room}


def _buildings(text: str) -> Iterator[tuple[int, int, Parts]]:
    for match in _RANGE.finditer(text):
        last = _BUILDING.search(text, match.end())
        if last and not _is_counted(text, last):
            yield match.start(), last.end(), {"building": digits_of(match[1])}
    for match in _BUILDING.finditer(text):
        if not _is_counted(text, match):
            yield match.start(), match.end(), {"building": digits_of(match[1])}
    for pattern in (_TOWER, _NUMBERED_TOWER, _HOUSE_NUMBER):
        for match in pattern.finditer(text):
            yield match.start(), match.end(), {"building": digits_of(match[1])}


def _is_counted(text: str, match: re.Match[str]) -> bool:
    """Whether 四栋 says how many buildings, and not which one."""
    if "号" in match[0] or "#" in match[0] or match[0].startswith("第"):
        return False
    before = text[max(0, match.start() - 4) : match.start()]
    named = None if match[0].endswith("楼") else _ID_AFTER.match(text, match.end())
    if _COUNTED_BEFORE.search(before) and not named:
        return True
    if match[1] == "一" and before.endswith("是"):
        return True
    end = match.end() - 1 if match[0].endswith("楼") else match.end()
    return bool(_HAN_ONLY.fullmatch(match[1]) and _COUNTED_AFTER.match(text, end))


def _floors(text: str) -> Iterator[tuple[int, int, Parts]]:
    """Floors that are plainly an address: one's own, or with a door behind it."""
    for match in _FLOOR.finditer(text):
        follows = _ROOM_BARE.match(text, match.end()) or _DOOR.match(text, match.end())
        if follows and text[match.start() - 1 : match.start()] not in ("共", "有"):
            yield match.start(), match.end(), {"floor": _floor(match[1])}
    for match in _OWN_FLOOR.finditer(text):
        yield match.start(1), match.end(), {"floor": _floor(match[1])}


def _continued(text: str, start: int, end: int, parts: Parts) -> Chain:
    """The chain with all the parts that follow."""
    for _ in range(len(ORDER) + 1):
        position = _SEPARATOR.match(text, end).end()  # type: ignore[union-attr]  # it matches the empty text
        found = _next_part(text, position, parts)
        if found is None:
            break
        end, more = found
        parts |= more
    return Chain(start, end, parts)


def _next_part(text: str, position: int, parts: Parts) -> tuple[int, Parts] | None:
    if "room" in parts:
        return None
    if "unit" not in parts and "floor" not in parts:
        unit = _UNIT.match(text, position) or _GATE_UNIT.match(text, position)
        if unit:
            return unit.end(), {"unit": digits_of(unit[1])}
        both = _UNIT_AND_ROOM.match(text, position)
        if both and "building" in parts:
            return both.end(), {"unit": digits_of(both[1]), "room": digits_of(both[2])}
    if "floor" not in parts:
        floor = _FLOOR.match(text, position)
        if floor:
            return floor.end(), {"floor": _floor(floor[1])}
    return _next_room(text, position, parts)


def _next_room(text: str, position: int, parts: Parts) -> tuple[int, Parts] | None:
    named = _ROOM_NAMED.match(text, position)
    if named and not (named[0].endswith("户") and "unit" not in parts):
        return named.end(), {"room": digits_of(named[1])}
    bare = _ROOM_BARE.match(text, position)
    if bare:
        return bare.end(), {"room": digits_of(bare[1])}
    door = _DOOR.match(text, position)
    if door and ("unit" in parts or "floor" in parts):
        return door.end(), {"room": digits_of(door[1])}
    return None


def _floor(written: str) -> str:
    """负一 and B1 are the same floor."""
    below = written.startswith("负")
    number = digits_of(written.removeprefix("负").strip())
    return f"B{number}" if below else number


def _is_door(room: str) -> bool:
    """Whether a number of three or four digits can be a floor and a door on it."""
    figures = room.rstrip("ABCDEFGHIJKLMNOPQRSTUVWYZ")
    return figures.isdigit() and 1 <= int(figures[-2:]) <= 40
