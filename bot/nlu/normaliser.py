"""One spelling for the many ways in which people type: width, script, repeated and spelt-out characters, stickers.

Works in linear time on a text of any length. Digits, letters and punctuation keep their meaning, so extractors
may read the normalised text; positions in it are not those of the original.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from pathlib import Path

# Longer texts are cut before anything reads them: 4,000 characters are ten times the longest letter, and keep every
# later step bounded. The head and the tail are kept, since rambling messages often say what matters last.
MAX_LENGTH = 4000

_INVISIBLE = re.compile("[\u00ad\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff\ufff9-\ufffb]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_SPACES = re.compile(r"\s+")
_SPACE_IN_HAN = re.compile(
    r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff](?:\s|$))|(?<=\s[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])"
)
_HAN = "[\u4e00-\u9fff]"
_NUMERALS = set("零〇一二三四五六七八九十百千万幺两")
# 不*想*活: the characters of a word kept apart. Marks that also join lists and numbers must come three times.
_STARRED = re.compile(rf"(?<={_HAN})[*](?={_HAN})")
_SPELT_OUT = re.compile(
    rf"{_HAN}(?:(?:[.·•_~|\\]{{1,3}}{_HAN}(?!{_HAN})){{2,60}}|(?:[,，、/-]{{1,2}}{_HAN}(?!{_HAN})){{3,60}})"
)
_MARKS = re.compile(r"[.·•_~|\\,，、/-]")
# Not digits, read out or not (零零零), and not the letters that stand for a name kept back (XXX小区, 某某某).
_REPEATED = re.compile(r"([^\d\sXx某*零〇一二三四五六七八九幺])\1{2,}")
_STICKERS = re.compile(r"(\[[\u4e00-\u9fffA-Za-z]{1,6}\])\1+")  # [流泪][流泪]


@lru_cache(maxsize=1)
def _simplified() -> dict[int, str]:
    """Traditional to simplified, character by character, from OpenCC's table."""
    import opencc

    table = Path(opencc.__file__).parent / "dictionary" / "TSCharacters.txt"
    mapping = {}
    for line in table.read_text(encoding="utf-8").splitlines():
        traditional, _, simplified = line.partition("\t")
        if len(traditional) == 1 and simplified:
            mapping[ord(traditional)] = simplified.split()[0]
    return mapping


def shorten(text: str) -> str:
    """At most MAX_LENGTH characters: three quarters from the head, one quarter from the tail."""
    if len(text) <= MAX_LENGTH:
        return text
    head = MAX_LENGTH * 3 // 4
    return text[:head] + " " + text[-(MAX_LENGTH - head - 1) :]


def _joined(found: re.Match[str]) -> str:
    """The characters without the marks between them, unless they are numbers (三-二-五零一, 一、二、三)."""
    return found[0] if _NUMERALS & set(found[0]) else _MARKS.sub("", found[0])


def normalise(text: str) -> str:
    """The text in simplified characters and half width, without invisible characters and long repetitions."""
    text = unicodedata.normalize("NFKC", shorten(text))
    text = _INVISIBLE.sub("", text)
    text = _CONTROL.sub(" ", text)
    text = text.translate(_simplified())
    text = _SPACES.sub(" ", text).strip()
    text = _SPACE_IN_HAN.sub("", text)
    text = _STARRED.sub("", text)
    text = _SPELT_OUT.sub(_joined, text)
    text = _STICKERS.sub(r"\1", text)
    return _REPEATED.sub(r"\1\1", text)
