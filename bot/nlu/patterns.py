"""Patterns kept as data: regular expressions in YAML that may use named word lists as {name}.

Every repetition in them has an upper bound, so that a search takes linear time whatever people send; a pattern
with `*`, `+` or `{n,}` is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

_LIST = re.compile(r"\{([a-z_]+)\}")
_CLASS = re.compile(r"\[[^\]]{1,200}\]")
_UNBOUNDED = re.compile(r"(?<!\\)[*+]|\{\d*,\}")


class WordLists:
    """Named alternatives, written with spaces between them; a list may use the lists before it."""

    def __init__(self, lists: Mapping[str, str]) -> None:
        self._lists: dict[str, str] = {}
        for name, words in lists.items():
            self._lists[name] = f"(?:{'|'.join(self.expand(words).split())})"

    def expand(self, pattern: str) -> str:
        """The pattern with each {name} replaced. Raises KeyError for an unknown name."""
        return _LIST.sub(lambda found: self._lists[found[1]], pattern)

    def compile(self, pattern: str) -> re.Pattern[str]:
        """The compiled pattern. Raises ValueError for an unbounded repetition."""
        if _UNBOUNDED.search(_CLASS.sub("", pattern)):
            raise ValueError(f"a repetition without an upper bound: {pattern}")
        return re.compile(self.expand(pattern))

    def compile_all(self, patterns: Iterable[str]) -> tuple[re.Pattern[str], ...]:
        return tuple(self.compile(pattern) for pattern in patterns)

    def compile_any(self, patterns: Iterable[str]) -> re.Pattern[str]:
        """One pattern that finds any of them."""
        return self.compile("|".join(f"(?:{pattern})" for pattern in patterns))


def read_yaml(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return content
