"""Looking at processes from outside: whether they live, and their output until something is said."""

from __future__ import annotations

import contextlib
import os
import subprocess
import time
from collections.abc import Callable

SECONDS = 20.0


def alive(pid: int) -> bool:
    """Whether the process runs; one that ended and was not collected yet does not."""
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        if os.path.isdir("/proc/self"):
            return False
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, 0)
        return True
    return False


def children(pid: int) -> list[int]:
    """Process ids of what the process started and what runs."""
    listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False)
    return [int(line) for line in listed.stdout.split()]


def wait_until(condition: Callable[[], bool], seconds: float = SECONDS) -> bool:
    """Whether the condition held within the time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return False


def end(process: subprocess.Popen[bytes]) -> None:
    """Make sure that it is gone."""
    with contextlib.suppress(ProcessLookupError):
        process.kill()
    process.wait()
