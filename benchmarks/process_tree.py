"""What a process and its children use, from /proc; None where there is none (macOS)."""

from __future__ import annotations

import os
from pathlib import Path


def memory_mib(pid: int) -> float | None:
    """Resident memory of the process and its descendants."""
    try:
        return sum(_resident(each) for each in descendants(pid)) / 1024
    except OSError:
        return None


def cpu_seconds(pid: int) -> float | None:
    """Processor time that the process and its descendants have used so far."""
    try:
        return sum(_ticks(each) for each in descendants(pid)) / os.sysconf("SC_CLK_TCK")
    except OSError:
        return None


def descendants(pid: int) -> list[int]:
    """The process and all its descendants. Raises OSError."""
    children: list[int] = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        children += [int(child) for child in (task / "children").read_text().split()]
    return [pid, *(each for child in children for each in descendants(child))]


def _resident(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next((int(line.split()[1]) for line in lines if line.startswith("VmRSS")), 0)


def _ticks(pid: int) -> int:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])  # utime and stime
