"""The guard's patterns, read once from data/crisis_signs.yml."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from bot.community.paths import DATA
from bot.nlu.patterns import WordLists, read_yaml

FILE = DATA / "crisis_signs.yml"


@dataclass(frozen=True)
class Family:
    """Patterns of one kind of sign.

    level is what a hit is worth. unless: frames that take it back. told: a film, news or law around it takes it back,
    unless the speaker says 我. past: worth less when long ago. jokes: said laughing it is worth a concern. violence:
    somebody is being hurt by another. weak: counts only beside a learnt score.
    """

    name: str
    level: str
    patterns: tuple[re.Pattern[str], ...]
    unless: tuple[str, ...] = ()
    told: bool = False
    past: bool = False
    jokes: bool = False
    violence: bool = False
    weak: bool = False


@dataclass(frozen=True)
class Grammar:
    """Closed words around a hit (`grammar` of the file), and the persons it can be about."""

    separators: re.Pattern[str]
    negation: re.Pattern[str]
    double_negation: re.Pattern[str]
    denial_after: re.Pattern[str]
    object_before: re.Pattern[str]
    about_others: re.Pattern[str]
    age: re.Pattern[str]
    adult_voice: re.Pattern[str]
    person: re.Pattern[str]
    young: re.Pattern[str]
    child: re.Pattern[str]


@dataclass(frozen=True)
class Signs:
    """Everything that the guard knows."""

    evasions: tuple[tuple[re.Pattern[str], str], ...]
    idioms: re.Pattern[str]
    frames: dict[str, re.Pattern[str]]
    families: tuple[Family, ...]
    cues: re.Pattern[str]
    with_despair: re.Pattern[str]
    after_despair: dict[str, re.Pattern[str]]
    means: dict[str, re.Pattern[str]]
    grammar: Grammar


@lru_cache(maxsize=1)
def load() -> Signs:
    content = read_yaml(FILE)
    words = WordLists(content["words"])
    return Signs(
        evasions=tuple((words.compile(pattern), word) for pattern, word in content["evasions"]),
        idioms=words.compile_any(content["idioms"]),
        frames={name: words.compile_any(listed.split()) for name, listed in content["frames"].items()},
        families=tuple(_family(words, name, body) for name, body in content["families"].items()),
        cues=words.compile_any(content["cues"].split()),
        with_despair=words.compile_any(content["with_despair"]),
        after_despair={level: words.compile_any(patterns) for level, patterns in content["after_despair"].items()},
        means={name: words.compile_any(listed.split()) for name, listed in content["means"].items()},
        grammar=_grammar(words, content["grammar"]),
    )


def _family(words: WordLists, name: str, body: dict[str, Any]) -> Family:
    options = {key: value for key, value in body.items() if key != "patterns"}
    options["unless"] = tuple(options.get("unless", ()))
    return Family(name=name, patterns=words.compile_all(body["patterns"]), **options)


def _grammar(words: WordLists, patterns: dict[str, str]) -> Grammar:
    others = "(?P<other>(?:我|俺|咱|你|他|她|人家)?(?:们|家)?(?:的)?(?:{kin}|{others}))"
    me = "(?P<me>{me}(?!们?(?:小区|楼|单元|班|学校|村|公司|这)))"
    return Grammar(
        **{name: words.compile(pattern) for name, pattern in patterns.items()},
        person=words.compile(f"{others}|{me}"),
        young=words.compile("{young}"),
        child=words.compile("{child}"),
    )
