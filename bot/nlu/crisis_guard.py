"""Whether somebody is in danger from himself or from others: patterns with grammar, or the learnt model, or what was
said before; either suffices. Levels as in taxonomy.yml, families and sources in docs/crisis-guard.md.

Deterministic, linear in the length of the text, and complete without the learnt model.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bot.nlu.crisis import findings, grammar, learnt, plain, signs
from bot.nlu.crisis.findings import Finding
from bot.nlu.crisis.plain import Plain

CALM_FRAMES = (
    *(
        "accident",
        "affairs",
        "ailing",
        "bereaved",
        "care",
        "daily",
        "disaster",
        "fiction",
        "law",
        "leaving",
        "long_past",
    ),
    *("leisure", "news", "recovered", "talk", "trivial"),
)
REMEMBERED = 6  # earlier messages that can colour this one


@dataclass(frozen=True)
class Assessment:
    """What the guard makes of a message.

    reasons: ids of pattern families, "learnt", "recent". third_person: somebody else is in danger. minor: the person
    in danger is probably under 18. violence: somebody is being hurt by another. means: id of data/crisis_signs.yml.
    denied: a wish to die is expressly denied.
    """

    level: str = "none"
    reasons: tuple[str, ...] = ()
    third_person: bool = False
    minor: bool = False
    violence: bool = False
    means: str | None = None
    denied: bool = False

    def signs(self) -> dict[str, Any]:
        """Everything but the level, as plain JSON."""
        return {name: list(v) if isinstance(v, tuple) else v for name, v in asdict(self).items() if name != "level"}


def assess(text: str, likelihood: Mapping[str, float] | None, *, recent: Sequence[str] = ()) -> Assessment:
    """Assess a normalised text. likelihood: probability by level, or None without a model. recent: the resident's
    earlier messages, normalised, oldest first.
    """
    read = plain.read(text)
    found = findings.find(read)
    denied = any(finding.denied for finding in found)
    reasons = {finding.family.name: finding.level for finding in _counted(found, likelihood)}
    modelled = learnt.level(likelihood, _thresholds(read, found, denied))
    if modelled != "none":
        reasons["learnt"] = modelled
    if _parts_in_despair(read, found):
        reasons["despair_and_parting"] = "crisis"
    before = _level_before(recent, read)
    if before != "none":
        reasons["recent"] = before
    return _conclude(read, found, reasons, denied)


def _counted(found: Sequence[Finding], likelihood: Mapping[str, float] | None) -> list[Finding]:
    """The findings that weigh, crisis last so that it wins in a dictionary."""
    supported = learnt.distress(likelihood) >= learnt.SUPPORT_AT
    weighing = [finding for finding in found if finding.level != "none" and (supported or not finding.family.weak)]
    return sorted(weighing, key=lambda finding: finding.level == "crisis")


def _thresholds(read: Plain, found: Sequence[Finding], denied: bool) -> tuple[float, float]:
    """How sure the model has to be, by the words of the text."""
    if denied:
        return learnt.DENIED
    if _is_rescue(read, found):
        return learnt.RESCUE
    if _is_told_of(read, found):
        return learnt.TOLD_OF
    if grammar.is_joke(read.spelled_out) or _is_calm(read, found):
        return learnt.CALM
    return learnt.CUED if signs.load().cues.search(read.text) else learnt.PLAIN


def _is_rescue(read: Plain, found: Sequence[Finding]) -> bool:
    """Whether it is another emergency: an illness, an accident, an intruder, and nothing tells of intent."""
    frames = signs.load().frames
    if not frames["rescue"].search(read.spelled_out) or _stands(found):
        return False
    return not frames["deliberate"].search(read.spelled_out)


def _is_told_of(read: Plain, found: Sequence[Finding]) -> bool:
    """Whether a short text speaks of a public case, a dream and the like, and no sign stands."""
    if len(read.text) > grammar.LIGHT or _stands(found):
        return False
    return grammar.is_public(read.spelled_out, 0, len(read.spelled_out))


def _stands(found: Sequence[Finding]) -> bool:
    """Whether a sign is left that is not merely a heavy word."""
    return any(finding.level != "none" and not finding.family.weak for finding in found)


def _is_calm(read: Plain, found: Sequence[Finding]) -> bool:
    """Whether a short text is recognised for certain as harmless: nothing stands against it, and its words of danger
    are idioms, were taken back by the grammar, or stand in a harmless frame.
    """
    if len(read.text) > grammar.LIGHT or any(finding.level != "none" for finding in found):
        return False
    frames = signs.load().frames
    return read.idioms > 0 or bool(found) or any(frames[name].search(read.spelled_out) for name in CALM_FRAMES)


def _parts_in_despair(read: Plain, found: Sequence[Finding]) -> bool:
    """Whether a word of leaving stands beside despair in this very message (活着好痛苦 真的想走)."""
    despairs = any(finding.family.name == "distress" and finding.level != "none" for finding in found)
    return despairs and bool(signs.load().with_despair.search(read.text))


def _level_before(recent: Sequence[str], read: Plain) -> str:
    """The level of this message because of those before it: after despair, a farewell or a means is a crisis."""
    if not recent or not any(_speaks_of_despair(text) for text in recent[-REMEMBERED:]):
        return "none"
    after = signs.load().after_despair
    if after["crisis"].search(read.text):
        return "crisis"
    return "concern" if after["concern"].search(read.text) else "none"


def _speaks_of_despair(text: str) -> bool:
    found = findings.find(plain.read(text))
    return any(f.level != "none" and not f.family.weak and not f.family.violence for f in found)


def _conclude(read: Plain, found: Sequence[Finding], reasons: Mapping[str, str], denied: bool) -> Assessment:
    level = "none"
    for each in reasons.values():
        level = learnt.worse(level, each)
    if level == "none":
        return Assessment(denied=denied)
    weighing = [finding for finding in found if finding.level == level]
    third = bool(weighing) and sum(f.third_person for f in weighing) * 2 > len(weighing)
    return Assessment(
        level=level,
        reasons=tuple(sorted(name for name, each in reasons.items() if each == level)),
        third_person=third,
        minor=any(finding.young for finding in weighing) or grammar.is_minor(read.spelled_out),
        violence=any(finding.family.violence for finding in weighing),
        means=_means(read.text) if level == "crisis" else None,
        denied=denied,
    )


def _means(text: str) -> str | None:
    return next((name for name, pattern in signs.load().means.items() if pattern.search(text)), None)
