"""Text as reviewers read it: without phones, identity and card numbers, plates, house numbers and known names.

Errs towards hiding: seven digits in a row are hidden however they are written, hotlines (five digits) stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

DIGIT = "[0-9０-９零〇一二三四五六七八九幺]"
BETWEEN = r"[\s\-－—.·,，\ufe0f\u20e3]*"
PARTS_OF_ADDRESS = "号楼|号|栋|幢|座|单元|室|房|层|楼|弄"
PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"

_KEPT = re.compile(r"[A-Z]{2}\d{8}-\d{4,}|20\d\d-\d\d?-\d\d?")  # ticket numbers and dates
_HIDDEN = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"(我叫|姓名[是叫:：]?|名字[是叫])\s*[一-鿿]{2,4}(?=[^一-鿿]|$)", r"\1[姓名]"),
        (rf"[{PROVINCES}][A-Z]{BETWEEN}[A-Z0-9]{{5,6}}", "[车牌]"),
        (rf"{DIGIT}(?:{BETWEEN}{DIGIT}){{6,}}[Xx]?", "[号码]"),
        (rf"{DIGIT}{{1,3}}[-－]{DIGIT}{{1,2}}[-－]{DIGIT}{{2,4}}", "＊-＊-＊"),
        (rf"(?P<part>号楼|栋|幢|座|单元|层|楼)\s*{DIGIT}{{2,4}}", r"\g<part>＊"),
        (rf"(?:{DIGIT}|[A-Za-z十百]){{1,5}}\s*(?=(?:{PARTS_OF_ADDRESS})(?!线))", "＊"),
    )
)


def mask(text: str, names: Iterable[str] = ()) -> str:
    """The text with what identifies a person hidden; names are people's names known to stand in it."""
    for name in sorted((name for name in names if len(name) > 1), key=len, reverse=True):
        text = text.replace(name, name[0] + "＊" * (len(name) - 1))
    kept: list[str] = []
    text = _KEPT.sub(lambda found: _remember(kept, found[0]), text)
    for pattern, replacement in _HIDDEN:
        text = pattern.sub(replacement, text)
    return re.sub("\x00(.)\x00", lambda found: kept[ord(found[1]) - PRIVATE], text)


PRIVATE = 0xE000


def _remember(kept: list[str], found: str) -> str:
    kept.append(found)
    return f"\x00{chr(PRIVATE + len(kept) - 1)}\x00"
