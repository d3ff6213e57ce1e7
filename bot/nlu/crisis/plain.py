"""A message as the guard reads it: dodged spellings put back, harmless phrases blanked."""

from __future__ import annotations

from dataclasses import dataclass

from bot.nlu.crisis import signs

BLANK = "\u25a1"  # stands where a harmless phrase stood, so that nothing is found across it


@dataclass(frozen=True)
class Plain:
    """text is what is searched; spelled_out is the same with the harmless phrases; idioms counts those."""

    text: str
    spelled_out: str
    idioms: int


def read(text: str) -> Plain:
    """From a normalised text, in linear time."""
    known = signs.load()
    spelled_out = text.lower()
    for pattern, word in known.evasions:
        spelled_out = pattern.sub(word, spelled_out)
    masked, count = known.idioms.subn(lambda found: BLANK * len(found[0]), spelled_out)
    return Plain(masked, spelled_out, count)
