"""Public places in and around a compound: 小区南门, 地下车库, 3栋楼道."""

from __future__ import annotations

import re

from bot.nlu.entities.numerals import HAN
from bot.nlu.entities.spans import Span, span_of

_NAME = rf"(?:[A-Za-z]\d{{0,2}}|\d{{1,3}}[A-Za-z]?|[{HAN}]{{1,4}})"
_OF_BUILDING = rf"(?<![\dA-Za-z{HAN}几这那整每])(?:{_NAME} ?(?:号楼|[栋幢座]|#楼?))?(?: ?{_NAME} ?单元)?(?:[东南西北]侧|负[一二三1-3]楼|[\d{HAN}]{{1,2}}楼)?(?:的)?"
_ALWAYS = (
    r"(?:小区|社区|院子)?(?:[东南西北]{1,2}(?:大门|门(?!窗|诊|面|小学|中学|街|路|社区|村|市场|医院|派出所|广场|桥))(?:口|岗)?|(?:正|后|侧)门口?|大门口|[1-9一二三四五六]号门口?"
    r"|地下(?:停车场|停车库|车库)(?:入口|出口)?|地库|负[一二三1-3]层?(?:车库|停车场)|车库(?:入口|出口|门口)|停车场(?:入口|出口)?|楼道(?:口|里|内)?"
    r"|楼梯[间口]|电梯[口间厅]|单元门口|架空层|天台|(?:垃圾[站房]|垃圾投放点|垃圾中转站)(?:旁边|旁)?|凉亭|健身区|篮球场|儿童(?:乐园|游乐区|游乐场)|中心花园|中央花园"
    r"|保安亭|门卫室|岗亭|消防通道|配电房|水泵房|自行车棚|车棚|大堂)"
)
_WITH_BUILDING = r"(?:楼顶|楼下|楼前|楼后|楼梯[间口]?|楼道[口里]?|门口|大厅|走廊|过道|车库|地下室|一楼大厅)"
_OF_COMPOUND = r"小区(?:的|里的?|内的?)?(?:门口|大门|广场|花园|绿化带|围墙|池塘|人工湖|水池|花坛|里面的?广场|中间的?花园|主干道|健身器材旁|后面|前面)"

_PLACE = re.compile(rf"{_OF_BUILDING}{_ALWAYS}")
_PREFIXED = re.compile(
    rf"(?<![\dA-Za-z{HAN}几这那整每])(?:{_NAME} ?(?:号楼|[栋幢座]|#楼?)(?: ?{_NAME} ?单元)?|{_NAME} ?单元)(?:的)?{_WITH_BUILDING}"
)
_COMPOUND_PLACE = re.compile(_OF_COMPOUND)
_NOT_THERE = re.compile(r"(?:装|加装|修建|建设|增设|新建|规划|改造|没有)(?:个|一个|的)?$")


def find(text: str) -> Span | None:
    """The first public place, one of a certain building before one of any."""
    for pattern in (_PREFIXED, _PLACE, _COMPOUND_PLACE):
        for match in pattern.finditer(text):
            if not _NOT_THERE.search(text, max(0, match.start() - 4), match.start()):
                return span_of("place", text, match.start(), match.end(), match[0].strip().removeprefix("的"))
    return None
