"""Starts the product's processes, shows their logs, starts a crashed one again, and ends them all.

Ctrl-C and SIGTERM end everything within seconds. No process outlives its supervisor, not even one killed outright:
each is told its parent (BOT_PARENT_PID) and ends with it (parenthood.py).
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass

from bot.problems import EXIT_CODE
from bot.runtime.parenthood import PARENT
from bot.runtime.process_log import ProcessLog

GRACE_SECONDS = 6.0
FIRST_DELAY_SECONDS = 1.0
LONGEST_DELAY_SECONDS = 30.0
STEADY_SECONDS = 60.0  # a process that ran so long starts again without back-off


@dataclass(frozen=True)
class ProcessSpec:
    """A process to keep running. command: the program and its arguments."""

    name: str
    command: tuple[str, ...]


def own_process(name: str) -> ProcessSpec:
    """`python -m bot NAME` as a process of the supervisor."""
    return ProcessSpec(name, (sys.executable, "-m", "bot", name))


class Supervisor:
    """Keeps processes running until stop() or a signal."""

    def __init__(
        self, specs: Sequence[ProcessSpec], log: ProcessLog, *, first_delay: float = FIRST_DELAY_SECONDS
    ) -> None:
        self._specs = specs
        self._log = log
        self._first_delay = first_delay
        self._stopping = asyncio.Event()
        self._running: dict[str, asyncio.subprocess.Process] = {}
        self.exit_code = 0

    async def run(self) -> int:
        """Keep the processes running; returns the exit code when all have ended.

        A process that ends with problems.EXIT_CODE has said what a person must put right: then all end.
        """
        loop = asyncio.get_running_loop()
        for each in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(each, self._on_signal)
        try:
            await asyncio.gather(*(self._keep(spec) for spec in self._specs))
        finally:
            for each in (signal.SIGINT, signal.SIGTERM):
                loop.remove_signal_handler(each)
        return self.exit_code

    def stop(self) -> None:
        """End all processes: politely, and after GRACE_SECONDS outright."""
        if self._stopping.is_set():
            return
        self._stopping.set()
        for process in self._running.values():
            _signal_group(process, signal.SIGTERM)
        asyncio.get_running_loop().call_later(GRACE_SECONDS, self._kill)

    def pids(self) -> dict[str, int]:
        """Process ids of what runs now, by name."""
        return {name: process.pid for name, process in self._running.items()}

    def _on_signal(self) -> None:
        if self._stopping.is_set():
            self._kill()  # the second Ctrl-C: now
        self.stop()

    def _kill(self) -> None:
        for process in self._running.values():
            _signal_group(process, signal.SIGKILL)

    async def _keep(self, spec: ProcessSpec) -> None:
        delay = self._first_delay
        while not self._stopping.is_set():
            started = time.monotonic()
            code = await self._run_once(spec)
            if self._stopping.is_set():
                return
            if code == EXIT_CODE:
                self.exit_code = EXIT_CODE
                self._log.line(spec.name, "cannot run like this; stopping everything")
                self.stop()
                return
            if time.monotonic() - started > STEADY_SECONDS:
                delay = self._first_delay
            self._log.line(spec.name, f"WARNING {_ending(code)}; starting it again in {delay:g} s")
            await self._wait(delay)
            delay = min(delay * 2, LONGEST_DELAY_SECONDS)

    async def _run_once(self, spec: ProcessSpec) -> int:
        process = await asyncio.create_subprocess_exec(
            *spec.command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            # A group of its own: Ctrl-C reaches the supervisor alone, which then ends the processes in its way.
            start_new_session=True,
            env={**os.environ, PARENT: str(os.getpid()), "PYTHONUNBUFFERED": "1"},
        )
        self._running[spec.name] = process
        if self._stopping.is_set():
            _signal_group(process, signal.SIGTERM)
        try:
            await self._log.copy(spec.name, process.stdout)  # type: ignore[arg-type]
            return await process.wait()
        finally:
            del self._running[spec.name]
            # Workers of a process that was killed outright must not serve on beside the next one.
            _signal_group(process, signal.SIGKILL)

    async def _wait(self, seconds: float) -> None:
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)


def _signal_group(process: asyncio.subprocess.Process, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):  # gone; macOS says so with the second
        os.killpg(process.pid, number)


def _ending(code: int) -> str:
    if code < 0:
        return f"was killed by {signal.Signals(-code).name}"
    return f"ended with code {code}"
