"""Residents who write to a bot, and how long each answer took."""

from __future__ import annotations

import asyncio
import time
import uuid
from dataclasses import dataclass

import aiohttp

from benchmarks.subject import Subject

# One resident's talk, again and again: look-ups, small talk, a form begun, filled in part and left.
TALK = (
    "附近哪里有老年食堂",
    "谢谢",
    "高龄津贴怎么办",
    "你会做什么",
    "家里停电了",
    "阳光花园3栋2单元501",
    "算了 不报了",
    "我想看看有什么服务",
)
TURN_SECONDS = 60


@dataclass(frozen=True)
class Load:
    """What so many clients, each in a conversation of its own, met."""

    turns_per_second: float
    p50_ms: float
    p95_ms: float
    cpu_ms: float | None  # processor time of the bot, a turn


async def conversations(subject: Subject, *, clients: int, turns: int) -> Load:
    """`clients` at once, `turns` each, without a pause."""
    cpu, started = subject.cpu(), time.perf_counter()
    async with _session(subject) as session:
        each = await asyncio.gather(*(_talk(session, subject, turns) for _ in range(clients)))
    taken, used = time.perf_counter() - started, subject.cpu()
    times = sorted(time for talk in each for time in talk)
    return Load(
        turns_per_second=len(times) / taken,
        p50_ms=1000 * times[len(times) // 2],
        p95_ms=1000 * times[int(len(times) * 0.95)],
        cpu_ms=None if cpu is None or used is None else 1000 * (used - cpu) / len(times),
    )


async def growth(subject: Subject, marks: tuple[int, ...], *, around: int = 24) -> dict[int, float]:
    """Mean processor milliseconds a turn around each message number of one conversation, or wall time without /proc.

    Processor time, because a busy machine's wall time says more about its other work.
    """
    found: dict[int, float] = {}
    sender, said = uuid.uuid4().hex, 0
    async with _session(subject) as session:
        for mark in marks:
            while said < mark - around // 2:
                await _say(session, subject, sender, TALK[said % len(TALK)])
                said += 1
            cpu, started = subject.cpu(), time.perf_counter()
            for _ in range(around):
                await _say(session, subject, sender, TALK[said % len(TALK)])
                said += 1
            used = subject.cpu()
            spent = time.perf_counter() - started if cpu is None or used is None else used - cpu
            found[mark] = 1000 * spent / around
    return found


async def _talk(session: aiohttp.ClientSession, subject: Subject, turns: int) -> list[float]:
    sender, times = uuid.uuid4().hex, []
    for turn in range(turns):
        started = time.perf_counter()
        await _say(session, subject, sender, TALK[turn % len(TALK)])
        times.append(time.perf_counter() - started)
    return times


async def _say(session: aiohttp.ClientSession, subject: Subject, sender: str, text: str) -> None:
    body = {"sender": sender, "message": text}
    async with session.post(subject.webhook, json=body) as answer:
        answer.raise_for_status()
        if not await answer.json() and subject.must_answer:
            raise RuntimeError(f"{subject.name} was silent at 「{text}」")


def _session(subject: Subject) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(headers=subject.headers, timeout=aiohttp.ClientTimeout(total=TURN_SECONDS))
