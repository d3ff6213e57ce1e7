"""What the words around a hit make of it: denied, somebody else's, long past, in a film, in fun, by accident."""

from __future__ import annotations

from dataclasses import dataclass

from bot.nlu.crisis import signs

NEAR = 25  # characters around a hit that a frame such as a film or a news item reaches
BEFORE = 24  # characters before a hit in which its subject stands
PUBLIC = ("public", "profession", "leaflet", "musing", "resolve")
FAR = 40  # characters around a hit that these reach, unless somebody here and now is meant (`present`)
LIGHT = 60  # characters up to which a laugh makes light of the whole message
ADULT = 18

_NUMERALS = {numeral: value for value, numeral in enumerate("零一二三四五六七八九十")}


@dataclass(frozen=True)
class Subject:
    """Who a hit is about."""

    third_person: bool
    young: bool


def is_denied(text: str, start: int, end: int) -> bool:
    """Whether the words right before or after say that it is not so (not 是不是, not 不是没)."""
    grammar = signs.load().grammar
    before = _clause_before(text, start)
    negated = grammar.negation.search(before)
    if negated and not grammar.double_negation.search(before[: negated.start()]):
        return True
    return bool(grammar.denial_after.search(text[end : end + 16]))


def _clause_before(text: str, start: int) -> str:
    before = text[max(0, start - BEFORE) : start]
    breaks = list(signs.load().grammar.separators.finditer(before))
    return before[breaks[-1].end() :] if breaks else before


def subject(text: str, start: int, end: int) -> Subject:
    """Whom a hit is about: the last person of its clause who is not an object (跟我说, 拖累儿女), else the topic of the
    clauses before it, else the speaker.
    """
    known = signs.load().grammar
    begin = max(0, start - BEFORE)
    clause = start - len(_clause_before(text, start))
    people = [
        found
        for found in known.person.finditer(text, begin, end)
        if found.start() <= start + 2 and not known.object_before.search(text[begin : found.start()])
    ]
    inside = [found for found in people if found.start() >= clause]
    chosen = inside[-1] if inside else next(iter(people), None)
    if chosen is None:
        return Subject(bool(known.about_others.search(text)), False)
    third = chosen["other"] is not None
    return Subject(third, third and bool(known.young.search(chosen[0])))


def victim(text: str, start: int, end: int) -> Subject:
    """Who is hurt by another: the speaker where he names himself near the hit (打我, 我被), else somebody else."""
    window = text[max(0, start - BEFORE // 2) : end + BEFORE // 4]
    people = list(signs.load().grammar.person.finditer(window))
    third = bool(people) and not any(found["me"] for found in people)
    return Subject(third, any(signs.load().grammar.young.search(found[0]) for found in people))


def is_told(text: str, start: int, end: int, *frames: str) -> bool:
    """Whether a hit stands in one of these frames (fiction, news ...)."""
    around = text[max(0, start - NEAR) : end + NEAR]
    return any(signs.load().frames[frame].search(around) for frame in frames)


def is_public(text: str, start: int, end: int) -> bool:
    """Whether a hit stands in a public case, somebody's profession, a dream, a leaflet, or words against it, and nobody
    near is meant.
    """
    frames = signs.load().frames
    around = text[max(0, start - FAR) : end + FAR]
    if frames["dream"].search(around):
        return not frames["waking"].search(around)
    return any(frames[frame].search(around) for frame in PUBLIC) and not frames["present"].search(around)


def names_speaker(text: str, start: int, end: int) -> bool:
    """Whether 我 stands in the clause of a hit."""
    return "我" in _clause_before(text, start) or "我" in text[start:end]


def is_long_past(text: str, start: int, *, by_others: bool) -> bool:
    """Whether it is told of a time long ago, with no word on the present after it.

    by_others: done by somebody else, so that only a word of repetition brings it back (现在又, 还说).
    """
    frames = signs.load().frames
    past = frames["long_past"].search(text, max(0, start - 2 * NEAR), start + NEAR)
    if past is None:
        return False
    if by_others:
        return not frames["again"].search(text, past.end(), start + 2 * NEAR)
    return not frames["still"].search(text, past.end())


def is_recovered(text: str, start: int) -> bool:
    """Whether a word of recovery follows."""
    return bool(signs.load().frames["recovered"].search(text, start, start + 2 * NEAR))


def is_joke(text: str) -> bool:
    """Whether the whole short message laughs and nothing says that it is meant."""
    frames = signs.load().frames
    return len(text) <= LIGHT and bool(frames["joke"].search(text)) and not frames["serious"].search(text)


def is_minor(text: str) -> bool:
    """Whether an age or a school says that a person in it is under 18."""
    grammar = signs.load().grammar
    if grammar.child.search(text):
        return True
    return any(_number(found[1]) < ADULT for found in grammar.age.finditer(text))


def _number(numeral: str) -> int:
    if numeral.isdigit():
        return int(numeral)
    tens, ten, ones = numeral.partition("十")
    if not ten:
        return _NUMERALS.get(numeral, ADULT)
    return _NUMERALS.get(tens, 1) * 10 + _NUMERALS.get(ones, 0)
