"""The words of data/care.yml, each taken in turn so that nothing is said twice in a row."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from bot.care.state import CareState
from bot.community.paths import DATA
from bot.nlu.patterns import read_yaml

FILE = DATA / "care.yml"
LONGEST = 120  # characters of one message
_HE = re.compile("(?<!其)他(?!们)")
_SENTENCE = re.compile(r"[^。？]+[。？]?")


@lru_cache(maxsize=1)
def content() -> dict[str, Any]:
    return read_yaml(FILE)


def variants(key: str) -> Sequence[str]:
    """The texts under a key such as "steps.wish.ask". Raises KeyError."""
    found: Any = content()
    for part in key.split("."):
        found = found[part]
    return found


def has(key: str) -> bool:
    try:
        return bool(variants(key))
    except (KeyError, TypeError):
        return False


class Voice:
    """Chooses variants for one turn of one conversation, and remembers what was taken."""

    def __init__(self, state: CareState) -> None:
        self._state = state
        self._recent = {sentence for text in state.last_texts for sentence in sentences(text)}

    def say(self, key: str, **values: str) -> str:
        """The next variant of a key, one without a sentence of the last turn where there is a choice."""
        texts = variants(key)
        start = self._state.used.get(key, 0)
        for offset in range(len(texts)):
            text = self._address(texts[(start + offset) % len(texts)].format(**values))
            if not self._recent.intersection(sentences(text)):
                break
        self._state.used[key] = (start + offset + 1) % len(texts)
        self._recent.update(sentences(text))
        return text

    def is_spent(self, key: str) -> bool:
        """Whether every variant of a key was said in the last turn."""
        return all(self._recent.intersection(sentences(self._address(text))) for text in variants(key))

    def _address(self, text: str) -> str:
        """A young person is called 你, as everybody who means well would; a woman spoken of is 她."""
        traits = self._state.traits
        if self._state.path in ("third", "witness"):
            return _HE.sub("她", text) if "female" in traits else text
        return text.replace("您", "你") if "minor" in traits else text


def sentences(text: str) -> list[str]:
    return [part.strip() for part in _SENTENCE.findall(text) if part.strip()]
