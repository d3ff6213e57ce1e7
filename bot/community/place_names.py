"""How alike a resident's words and the name of a place are: as written, as typed wrongly, as it sounds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pypinyin import lazy_pinyin
from rapidfuzz import fuzz, process

from bot.community.search_text import normalise

MIN_SCORE = 0.65
SOUND_WEIGHT = 0.95  # sounding alike is a little less than being written alike
CONTAINED_SCORE = 0.98
_GENERIC = re.compile("(小区|社区)$")
_NOISE = re.compile(r"[\s,，。.!！?？、·\-—()（）「」]+")
_LEAD = re.compile(r"^(我家|我们|我|家)*(住在|就住|住|家在|家住|在|是)?(我们)?")
_ADDRESS_REST = re.compile(r"[第]?[0-9a-z一二三四五六七八九十]+(栋|幢|号楼|座|单元|楼|室|号).*$")
# Sounds that many dialects do not tell apart, and n/l/r at the start of a syllable.
_MERGED_SOUNDS = ((re.compile("^([zcs])h"), r"\1"), (re.compile("ng$"), "n"), (re.compile("^l"), "n"))


@dataclass(frozen=True)
class KnownName:
    """A name prepared for comparison."""

    written: str
    own: str
    owner: str
    sound: str
    own_sound: str


def prepare(name: str, owner: str) -> KnownName:
    written = key(name)
    own = _own_part(written)
    return KnownName(written, own, owner, sound(written), sound(own))


def key(text: str) -> str:
    """The text without spaces, punctuation, width and case."""
    return _NOISE.sub("", normalise(text))


def sound(text: str) -> str:
    """Pinyin without tones, with sounds merged that are often confused."""
    syllables = []
    for syllable in lazy_pinyin(text):
        for pattern, merged in _MERGED_SOUNDS:
            syllable = pattern.sub(merged, syllable)
        syllables.append(syllable)
    return "".join(syllables)


def _own_part(name: str) -> str:
    """The name without 小区 or 社区, which many share; a name that short stays whole."""
    short = _GENERIC.sub("", name)
    return short if len(short) >= 2 else name


def scores(text: str, known: Sequence[KnownName]) -> dict[str, tuple[float, bool]]:
    """For each owner the best score of its names, and whether the text holds one of them exactly."""
    best: dict[str, tuple[float, bool]] = {}
    words = key(text)
    if not words:
        return best
    _keep_exact(best, words, known)
    if not best:
        core = _ADDRESS_REST.sub("", _LEAD.sub("", words)) or words
        _keep_similar(best, core, known)
    return best


def _keep_exact(best: dict[str, tuple[float, bool]], words: str, known: Sequence[KnownName]) -> None:
    contained = [name for name in known if len(name.written) >= 2 and name.written in words]
    for name in contained:
        # 阳光花园二期 holds 阳光花园 as well: only the longest name is what was meant.
        if not any(name.written != other.written and name.written in other.written for other in contained):
            _keep(best, name.owner, 1.0 if name.written == words else CONTAINED_SCORE, True)


def _keep_similar(best: dict[str, tuple[float, bool]], words: str, known: Sequence[KnownName]) -> None:
    if len(words) >= 2:
        for name in known:
            if words in name.written:
                _keep(best, name.owner, 0.7 + 0.25 * len(words) / len(name.written), False)
    own = _own_part(words)
    if own != words:  # both without 小区, or all compounds would be alike
        _keep_fuzzy(best, own, [name.own for name in known], known, 1.0)
        _keep_fuzzy(best, sound(own), [name.own_sound for name in known], known, SOUND_WEIGHT)
    else:
        _keep_fuzzy(best, words, [name.written for name in known], known, 1.0)
        _keep_fuzzy(best, sound(words), [name.sound for name in known], known, SOUND_WEIGHT)


def _keep_fuzzy(
    best: dict[str, tuple[float, bool]], words: str, names: list[str], known: Sequence[KnownName], weight: float
) -> None:
    cutoff = 100 * MIN_SCORE / weight
    for _, score, place in process.extract(words, names, scorer=fuzz.ratio, limit=20, score_cutoff=cutoff):
        _keep(best, known[place].owner, min(0.97, weight * score / 100), False)


def _keep(best: dict[str, tuple[float, bool]], owner: str, score: float, exact: bool) -> None:
    if score > best.get(owner, (0.0, False))[0]:
        best[owner] = (score, exact)
