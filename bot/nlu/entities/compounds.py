"""The name of the compound as written: known ones by the office's list, others by how such names are made.

A name ends in one of many suffixes (小区, 花园, 苑 …), or stands right before a building; it begins behind a verb, a
pronoun, a district or a street. Weak suffixes, which end common words too, need an address or a word of living.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.nlu.entities.address_parts import Chain
from bot.nlu.entities.places import Places
from bot.nlu.entities.spans import Span, span_of, take_away
from bot.nlu.entities.words import alternatives, words

_LONGEST = 12  # characters of a name before its suffix
_NAME_CHARACTER = re.compile(r"[\u4e00-\u9fffA-Za-z0-9*·]")
_NAME_START = re.compile(r"[\u4e00-\u9fffA-Za-z0-9*]")
_PHASE = (
    r"(?: ?\((?:第?[一二三四五六七八九十\d]{1,2}|[A-Z东南西北])(?:期|区)\)"
    r"| ?第?(?:[一二三四五六七八九十]{1,2}|\d{1,2}|[A-Za-z])(?:期|区(?![别县长政]))"
    r"|[东南西北中]区(?![别县长政])|[东南西北][苑院])"
)
_ABOUT_COMPOUND = re.compile(r"(?:小区|物业|业主|业委会|开发商|楼盘|[东南西北正大后侧]门|的(?:业主|住户|居民|租户))")
_NAME_END = re.compile(r"$|[^\u4e00-\u9fff]|[的了]")
_LONGEST_ALONE = 7  # characters before the suffix of a name that no building follows
_NOT_NAMED = re.compile(
    r"(?:^|[^某])某(?!某)|^[A-Z]\d{0,2}[市区县镇]$|[把被从将让使致的了着]|^[一两三四五六七八九十几]{1,3}[个户栋层间位套件]|(?<=..)[不没在进说用都与]|(?<=...)和$"
)
_ELSEWHERE = re.compile(
    r"(?:路|街|大道|大街|区(?!内|里|外|[东南西北])|镇|村|县|小学|中学|学校|幼儿园|医院|酒店|宾馆|派出所|公交|地铁|站|支行|超市|商场|市场|大桥|公园|广场舞|里面?的?花)"
)
_MASKED = re.compile(r"XX|xx|某某|\*\*")  # what a letter puts in place of a name begins it
_OF_A_NAME = "苑府"  # of 竹苑 and the like, which end in a part of the name itself
_DOUBLED = re.compile(r".(?:小区|社区)")  # 桂园小区: 园 is a suffix already
_EMPTY = re.compile(
    r"[在于是叫为了着过就买对把被从到给让由向去回因但而帮找查致跟与及或等想要说也没有各该本这那全租进出用绕闯距将占选看挑按归停]$"
)
_ONLY_PHASE = re.compile(r"(?:小区|社区)?(?:第?[\d一二三四五六七八九十A-Za-z东南西北中]{1,2}[期区]){1,2}|\d{1,4}号院?")
_YARD = re.compile(
    r"(?:(?<=[市区县镇])|(?<![\u4e00-\u9fff])|(?<=住在)|(?<=[在住]))[\u4e00-\u9fff]{2,5}(?:路|街|巷|胡同)\d{1,4}号(?:大?院)"
)
_NUMBERED = re.compile(r"(?:[一二三四五六七八九十]{1,2}|[东西南北])(?:区|村)(?![别县长政域块内间民委里外])")
_DEVELOPED = re.compile(
    r"开发的(?![这那该一整某几])([\u4e00-\u9fff]{2,7}?(?:公园|公馆|国际|时代|花园|[府苑城湾邸庭轩]))(?![\u4e00-\u9fff]?小区)(?!里|有|中)"
)
_LEADING = re.compile(
    r"(?:[一二三四五六]期(?=[\u4e00-\u9fff]{3})|[\u4e00-\u9fff]{0,4}大学(?=(?!家属|教职|宿舍|老师|城)[\u4e00-\u9fff]{3}))"
)
_DENIED = re.compile(r"(?:不是|并非|不在|不住)(?:在|住)?$")
_BARE_END = re.compile(r"[\s,。.!?;:]*")
_GATE_OF_CHAIN = 2  # characters that may stand between a name and its building
_GENERIC_BEFORE = 4
_LONG_ENOUGH = 4  # characters of a name that only trouble follows
_TROUBLED = re.compile(r"没(?:有)?[物水电气暖]|[停断][水电气暖]|漏水|电梯|地[下库]|烂尾|交房")
_SHORTEST_NUMBERED, _LONGEST_NUMBERED = 2, 4  # characters before 二区


@dataclass(frozen=True)
class _Name:
    start: int
    end: int
    weight: int  # the more, the surer


@lru_cache(maxsize=1)
def _suffix() -> re.Pattern[str]:
    strong, weak = alternatives("compounds", "strong_suffixes"), alternatives("compounds", "weak_suffixes")
    return re.compile(
        rf"(?:(?P<strong>(?:{strong})[湾苑府郡墅]?)|(?P<weak>{weak}))(?:小区|社区(?={_PHASE}))?(?P<phase>{_PHASE}{{1,2}})?"
    )


@lru_cache(maxsize=1)
def _generic() -> re.Pattern[str]:
    return re.compile(alternatives("compounds", "generic") + f"{{1,{_GENERIC_BEFORE}}}")


@lru_cache(maxsize=8)
def _ending(kind: str) -> re.Pattern[str]:
    return re.compile(alternatives("compounds", kind) + "$")


@lru_cache(maxsize=1)
def _not_compound() -> re.Pattern[str]:
    suffixes = set(words("compounds", "strong_suffixes")) | set(words("compounds", "weak_suffixes"))
    plain = [word for word in words("compounds", "not_compounds") if len(word) > 1 and word not in suffixes]
    return re.compile("(?:" + "|".join(plain) + ")$")


@lru_cache(maxsize=1)
def _not_before_building() -> re.Pattern[str]:
    return re.compile(alternatives("compounds", "not_before_building"))


@lru_cache(maxsize=1)
def _not_quarter() -> re.Pattern[str]:
    return re.compile(alternatives("compounds", "not_quarters"))


@lru_cache(maxsize=1)
def _not_soft() -> re.Pattern[str]:
    return re.compile(alternatives("compounds", "not_soft"))


def find(text: str, chains: Sequence[Chain], places: Places) -> Span | None:
    """The compound that the message is about. chains: the address parts that were found in the same text."""
    free = take_away(text, [(chain.start, chain.end) for chain in chains])
    names = [*_by_suffix(free, chains), *_before_chains(free, chains)]
    names = [name for name in names if not _ONLY_PHASE.fullmatch(text, name.start, name.end)]
    names = [_without_lead(text, name) for name in names]
    names += [
        *_numbered(free, chains),
        *(_Name(match.start(1), match.end(1), 3) for match in _DEVELOPED.finditer(text)),
    ]
    names += [_Name(match.start(), match.end(), 3) for match in _YARD.finditer(text)]
    names = _with_known(text, names, places)
    names = [name for name in names if not _DENIED.search(text, max(0, name.start - 5), name.start)]
    if not names:
        return None
    best = max(names, key=lambda name: (name.weight + _nearness(name, chains), name.end - name.start, -name.start))
    return span_of("compound", text, best.start, best.end, text[best.start : best.end])


def _without_lead(text: str, name: _Name) -> _Name:
    """The name without the phase or the university that stands before it."""
    lead = _LEADING.match(text, name.start, name.end)
    return _Name(lead.end(), name.end, name.weight) if lead else name


def _numbered(text: str, chains: Sequence[Chain]) -> list[_Name]:
    """商贸二区, 东风二村: names that end in a numbered quarter, where a clause begins or an address follows."""
    found = []
    for match in _NUMBERED.finditer(text):
        start = _left_end(text, match.start())
        if start is None or not _SHORTEST_NUMBERED <= match.start() - start <= _LONGEST_NUMBERED:
            continue
        opens = start == 0 or not _NAME_CHARACTER.match(text, start - 1) or _introduced(text, start)
        if not (_chain_at(match.end(), chains) or opens) or _suffix().search(text, start, match.start()):
            continue
        if not _not_quarter().search(text, start, match.end()):
            found.append(_Name(start, match.end(), 1))
    return found


def _nearness(name: _Name, chains: Sequence[Chain]) -> int:
    """A name right before a building is the one that the address belongs to."""
    return 4 if _chain_at(name.end, chains) else 0


def _chain_at(position: int, chains: Sequence[Chain]) -> bool:
    return any(0 <= chain.start - position <= _GATE_OF_CHAIN for chain in chains)


def _by_suffix(text: str, chains: Sequence[Chain]) -> list[_Name]:
    found: list[_Name] = []
    position = 0
    while match := _suffix().search(text, position):
        position = match.end("strong") if match["strong"] else match.start() + 1
        name = _read_back(text, match, chains)
        if name:
            found = [other for other in found if other.end <= name.start or other.end > name.end]
            found.append(name)
            position = max(position, match.end() - 1)
    return found


def _read_back(text: str, match: re.Match[str], chains: Sequence[Chain]) -> _Name | None:
    start = _left_end(text, match.start(), shortest=1 if _DOUBLED.search(match[0]) or match[0][-1] in _OF_A_NAME else 2)
    if start is None and match["strong"] not in {None, *words("compounds", "strong_suffixes")}:
        start = match.start()  # 丽景湾: two suffixes make a name
    if start is None:
        return None
    core, name = text[start : match.start()], text[start : match.end()]
    if (
        (core and _generic().fullmatch(core) and not _named_by_building(text, match, chains))
        or not _NAME_START.match(name)
        or _not_compound().search(text[start : match.end()])
    ):
        return None
    if not _chain_at(match.end(), chains) and (len(core) > _LONGEST_ALONE or _NOT_NAMED.search(core)):
        return None
    followed = bool(match["phase"]) or _chain_at(match.end(), chains) or bool(_ABOUT_COMPOUND.match(text, match.end()))
    if match["weak"]:
        return _weak(text, start, match, followed)
    if _ELSEWHERE.match(text, match.end()) and not name.endswith("小区"):
        return None
    return _Name(start, match.end(), 3 + followed)


def _named_by_building(text: str, match: re.Match[str], chains: Sequence[Chain]) -> bool:
    """城市花园5栋 is a name, 老旧小区5栋 is none."""
    return _chain_at(match.end(), chains) and "区" not in (match["strong"] or match["weak"])


def _weak(text: str, start: int, match: re.Match[str], followed: bool) -> _Name | None:
    if match["weak"] == "居" and text[match.end() : match.end() + 1] in tuple("民住家委"):
        return None
    if match.start() - start < 1 or text[start : match.end()] in words("compounds", "not_compounds"):
        return None
    whole = (
        match["weak"] != "社区"
        and not text[:start].strip()
        and bool(_BARE_END.fullmatch(text, match.end()))
        and match.end() - start >= 3
    )
    at_home = bool(_ending("home").search(text, max(0, start - 5), start)) and match["weak"] != "社区"
    opens = (start == 0 or not _NAME_CHARACTER.match(text, start - 1)) and match.end() - start >= _LONG_ENOUGH
    if opens and match["weak"] in ("国际", "时代") and _TROUBLED.match(text, match.end()):
        return _Name(start, match.end(), 2)
    if followed or whole or (at_home and _NAME_END.match(text, match.end()) and match.end() - start >= 3):
        return _Name(start, match.end(), 2)
    return None


def _before_chains(text: str, chains: Sequence[Chain]) -> list[_Name]:
    """Names without a suffix (在水一方3栋502), right before an address."""
    found = []
    for chain in chains:
        end = chain.start - (text[chain.start - 1 : chain.start] == " ")
        start = _left_end(text, end)
        if start is None or end - start < 2 or _not_before_building().search(text, start, end):
            continue
        if _generic().fullmatch(text, start, end) or _not_compound().search(text, start, end):
            continue
        lone = len(chain.parts) < 2 and not (_introduced(text, start) or _ends_clause(text, start, chain.end))
        admin = _ending("admin").search(text, start, end)
        if "building" in chain.parts and not lone and not admin and not re.search(r"[\d*]$", text[start:end]):
            found.append(_Name(start, end, 1))
    return found


def _introduced(text: str, start: int) -> bool:
    """Whether a word of living or of administration stands before."""
    return bool(re.search(r"(?:是|在|住|到|叫|址|们|反映|投诉|[路街区县市镇号])$", text[max(0, start - 2) : start]))


def _ends_clause(text: str, start: int, end: int) -> bool:
    """Whether name and building are a clause of their own."""
    return (
        end - start >= 3
        and bool(re.match(r"$|[\s,。;!?]", text[end : end + 1]))
        and not re.match(r"\w", text[:start][-1:])
    )


def _left_end(text: str, end: int, *, shortest: int = 2) -> int | None:
    """Where the name that ends before text[end] begins; None when no name can be told.

    shortest: a name cut to fewer characters at a word that may belong to it goes on to the left (和平小区).
    """
    for start in range(end, max(-1, end - _LONGEST - 1), -1):
        core = text[start:end]
        if start == 0 or not _NAME_CHARACTER.match(text, start - 1):
            return start if core else None
        long_enough = len(core) >= shortest or (core.isascii() and core != "")
        if _ending("hard_boundaries").search(text, max(0, start - 5), start):
            return start if long_enough or (core and not _ending("soft_boundaries").fullmatch(core)) else None
        if not core and _EMPTY.search(text, max(0, start - 1), start) and not _DOUBLED.search(text, end, end + 3):
            return None
        if long_enough and (_ends_softly(text, start) or _begins_masked(text, start)):
            return start
    return None


def _begins_masked(text: str, start: int) -> bool:
    return bool(_MASKED.match(text, start)) and text[start - 1] != text[start]


def _ends_softly(text: str, start: int) -> bool:
    before = text[max(0, start - 4) : start]
    if _ending("soft_boundaries").search(before) and not _not_soft().match(text, start - 1):
        return True
    if re.search(r"\d号$|\d[年月日组]$", before):
        return True
    return bool(_ending("admin").search(before) and not _ending("not_admin").search(before))


def _with_known(text: str, names: list[_Name], places: Places) -> list[_Name]:
    """The names, with those of the office's list in place of what grammar made of the same characters."""
    extension = re.compile(rf"(?:小区|社区)?{_PHASE}{{0,2}}")
    for match in places.match(text):
        if match.place.compound_id is None:
            continue
        end = extension.match(text, match.end).end()  # type: ignore[union-attr]  # it matches the empty text
        covering = [name for name in names if name.start < end and match.start < name.end]
        end = max([end, *(name.end for name in covering)])
        weight = max([3, *(name.weight for name in covering)]) + 1
        names = [name for name in names if name not in covering]
        names.append(_Name(match.start, end, weight))
    return names
