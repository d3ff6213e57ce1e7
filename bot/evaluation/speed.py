"""How long understanding takes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter

SAMPLE = 200


@dataclass(frozen=True)
class Speed:
    """Milliseconds for one message alone, and messages a second in batches."""

    loading_s: float
    median_ms: float
    p95_ms: float
    per_second: float


def measure(understand: Callable[[Sequence[str]], object], texts: Sequence[str], loading_s: float) -> Speed:
    """Time `understand` on the texts: a sample of them one at a time, then all at once."""
    understand(texts[:1])
    alone = sorted(_seconds(understand, [text]) for text in texts[:SAMPLE])
    together = _seconds(understand, texts)
    return Speed(
        loading_s, 1000 * alone[len(alone) // 2], 1000 * alone[int(len(alone) * 0.95)], len(texts) / max(together, 1e-9)
    )


def _seconds(understand: Callable[[Sequence[str]], object], texts: Sequence[str]) -> float:
    start = perf_counter()
    understand(texts)
    return perf_counter() - start
