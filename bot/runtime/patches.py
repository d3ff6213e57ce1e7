"""Changing what a library does, in one controlled way.

A patch names the method that it replaces and the hash of the source it was written against. When Rasa's source is
another, the patch is left out with a warning and the product runs slower but right. `BOT_PATCHES_OFF` (comma-separated
names, or "all") switches patches off; the differential test runs the same conversations with and without them.
"""

from __future__ import annotations

import hashlib
import inspect
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Patch:
    """One replaced method. source_sha256: of the replaced function's source text."""

    name: str
    owner: Any
    attribute: str
    replacement: Callable[..., Any]
    source_sha256: str

    def known(self) -> bool:
        """Whether the method is still the one that this patch was written for."""
        return source_hash(getattr(self.owner, self.attribute)) == self.source_sha256


def source_hash(function: Callable[..., Any]) -> str:
    """SHA-256 of a function's source text."""
    return hashlib.sha256(inspect.getsource(function).encode()).hexdigest()


def apply(patches: Iterable[Patch], *, off: str = "") -> list[str]:
    """Put patches in place; returns the names of those applied. Applying twice is harmless."""
    unwanted = {name.strip() for name in off.split(",")}
    applied = []
    for patch in patches:
        if getattr(patch.owner, patch.attribute) is patch.replacement:
            applied.append(patch.name)
        elif patch.name in unwanted or "all" in unwanted:
            continue
        elif not patch.known():
            logger.warning("patch %s left out: %s.%s has changed", patch.name, patch.owner.__name__, patch.attribute)
        else:
            static = isinstance(inspect.getattr_static(patch.owner, patch.attribute), staticmethod)
            setattr(patch.owner, patch.attribute, staticmethod(patch.replacement) if static else patch.replacement)
            applied.append(patch.name)
    return applied
