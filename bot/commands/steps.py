"""Steps of long work: a spinner with the time on a terminal, plain lines where there is none."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import TextIO

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

QUICK_SECONDS = 0.5


class Steps:
    """Says on stderr what is being done; used as a context manager."""

    def __init__(self, stream: TextIO | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._stream = stream or sys.stderr
        self._progress: Progress | None = None
        self._name = ""
        self._started = 0.0

    def __enter__(self) -> Steps:
        return self

    def begin(self, name: str) -> None:
        """End the step before, and start this one."""
        self._end()
        self._name, self._started = name, self._clock()
        if not self._stream.isatty():
            self._say(f"{name} …")
            return
        columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
        self._progress = Progress(*columns, console=Console(file=self._stream), transient=True)
        self._progress.add_task(name, total=None)
        self._progress.start()

    def __exit__(self, *error: object) -> None:
        self._end(failed=error[0] is not None)

    def _end(self, *, failed: bool = False) -> None:
        if self._progress is not None:
            self._progress.stop()
            self._progress = None
        if not self._name:
            return
        name, self._name = self._name, ""
        seconds = self._clock() - self._started
        if not failed and (seconds > QUICK_SECONDS or self._stream.isatty()):
            self._say(f"{name}: done in {seconds:.1f} s")

    def _say(self, line: str) -> None:
        self._stream.write(f"{line}\n")
        self._stream.flush()
