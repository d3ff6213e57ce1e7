"""The training examples as they stand in the files, for checks that Rasa's own reader can't make."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.runtime.training import NLU_FILES


@dataclass(frozen=True)
class Example:
    """One line of training data; label is what is learnt from it: intent, category, crisis level."""

    file: str
    text: str
    intent: str
    category: str | None
    crisis: str

    @property
    def label(self) -> str:
        return "/".join(filter(None, (self.intent, self.category, self.crisis if self.crisis != "none" else None)))


def read_examples(root: Path) -> list[Example]:
    """Every example below `root`, in the order of the files."""
    return [example for path in _files(root) for example in _examples(path, str(path.relative_to(root)))]


def _files(root: Path) -> Iterable[Path]:
    for name in NLU_FILES:
        path = root / name
        yield from sorted(path.rglob("*.yml")) if path.is_dir() else [path]


def _examples(path: Path, name: str) -> Iterator[Example]:
    for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
        metadata: dict[str, Any] = block.get("metadata") or {}
        for line in block["examples"].splitlines():
            if line.startswith("- "):
                text = line[2:].strip()
                yield Example(name, text, block["intent"], metadata.get("category"), metadata.get("crisis", "none"))
