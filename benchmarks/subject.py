"""A bot under measurement: its processes, and the REST channel at which it answers."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.process_tree import cpu_seconds, memory_mib

START_SECONDS = 300
STOP_SECONDS = 20


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Subject:
    """One bot. commands: the processes to start, in order; each answers at its address of `ready` when it is up."""

    name: str
    commands: list[list[str]]
    ready: list[str]
    webhook: str
    directory: Path
    environment: dict[str, str]
    headers: dict[str, str] = field(default_factory=dict)
    must_answer: bool = True  # silence is a failure
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self) -> float:
        """Start all processes; returns the seconds until the last one, the bot itself, answered."""
        taken = 0.0
        for command, address in zip(self.commands, self.ready, strict=True):
            started = time.perf_counter()
            with (self.directory / f"{self.name}.log").open("ab") as log:
                process = subprocess.Popen(
                    command, cwd=self.directory, env=os.environ | self.environment, stdout=log, stderr=log
                )
            self.processes.append(process)
            self._await(process, address)
            taken = time.perf_counter() - started
        return taken

    def stop(self) -> None:
        for process in reversed(self.processes):
            process.send_signal(signal.SIGTERM)
        for process in self.processes:
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.processes.clear()

    def memory(self) -> float | None:
        """MiB of all processes."""
        each = [memory_mib(process.pid) for process in self.processes]
        return None if None in each else sum(value for value in each if value is not None)

    def cpu(self) -> float | None:
        """Processor seconds of all processes so far."""
        each = [cpu_seconds(process.pid) for process in self.processes]
        return None if None in each else sum(value for value in each if value is not None)

    def _await(self, process: subprocess.Popen[bytes], address: str) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if process.poll() is not None:
                raise RuntimeError(f"{self.name} ended: see {self.directory / self.name}.log")
            try:
                with urllib.request.urlopen(address, timeout=2):  # noqa: S310 (our own loopback)
                    return
            except urllib.error.HTTPError:
                return  # it answers, if only that it wants a token
            except OSError:
                time.sleep(0.02)
        raise RuntimeError(f"{self.name} did not answer within {START_SECONDS} s")
