"""The logs of several processes in one stream: a name before each line, in colour on a terminal."""

from __future__ import annotations

import asyncio
import sys
from typing import TextIO

RESET = "\033[0m"
NAME_COLOURS = ("\033[36m", "\033[35m", "\033[32m", "\033[34m", "\033[33m")
LEVEL_COLOURS = {"WARNING": "\033[33m", "ERROR": "\033[31m", "CRITICAL": "\033[1;31m"}
CHUNK_BYTES = 65_536
LONGEST_LINE = 20_000


class ProcessLog:
    """Writes lines under the name of the process that said them."""

    def __init__(self, names: list[str], stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stdout
        self._colours = {name: NAME_COLOURS[at % len(NAME_COLOURS)] for at, name in enumerate(names)}
        self._width = max(map(len, names), default=0)
        self._on_terminal = self._stream.isatty()

    def line(self, name: str, text: str) -> None:
        """One line of a process."""
        if self._on_terminal:
            level = LEVEL_COLOURS.get(text.partition(" ")[0], "")
            text = f"{level}{text}{RESET}" if level else text
            label = f"{self._colours.get(name, '')}{name:<{self._width}} │{RESET}"
        else:
            label = f"{name:<{self._width}} |"
        self._stream.write(f"{label} {text}\n")
        self._stream.flush()

    async def copy(self, name: str, source: asyncio.StreamReader) -> None:
        """Write what a process says until it ends; lines may be of any length and in any bytes."""
        rest = b""
        while chunk := await source.read(CHUNK_BYTES):
            *lines, rest = (rest + chunk).split(b"\n")
            if len(rest) > LONGEST_LINE:
                lines, rest = [*lines, rest], b""
            for line in lines:
                self.line(name, line.decode(errors="replace").rstrip())
        if rest:
            self.line(name, rest.decode(errors="replace"))
