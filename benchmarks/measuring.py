"""One subject, measured from its start to its end."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from statistics import median

from benchmarks.load import Load, conversations, growth
from benchmarks.subject import Subject

STARTS = 3
WARM_UP_TURNS = 8


@dataclass(frozen=True)
class Measured:
    """What one bot needs. growth: processor milliseconds a turn, by message number of one conversation."""

    cold_start_s: float
    memory_mib: float | None
    one: Load
    eight: Load
    growth: dict[int, float]


def measure(subject: Subject, *, turns: int, marks: tuple[int, ...]) -> Measured:
    """Start it STARTS times, then load it with one client, with eight, and with one long conversation."""
    try:
        return _measure(subject, turns, marks)
    finally:
        subject.stop()


def _measure(subject: Subject, turns: int, marks: tuple[int, ...]) -> Measured:
    starts = []
    for remaining in reversed(range(STARTS)):
        starts.append(subject.start())
        if remaining:
            subject.stop()
    asyncio.run(conversations(subject, clients=1, turns=WARM_UP_TURNS))
    one = asyncio.run(conversations(subject, clients=1, turns=turns))
    eight = asyncio.run(conversations(subject, clients=8, turns=max(8, turns // 4)))
    memory = subject.memory()
    return Measured(median(starts), memory, one, eight, asyncio.run(growth(subject, marks)))
