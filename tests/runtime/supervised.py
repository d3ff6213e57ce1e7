"""A supervisor over little scripts: `python -m tests.runtime.supervised NAME=CODE…`; each start prints "pid PID"."""

from __future__ import annotations

import asyncio
import sys

import bot  # noqa: F401
from bot.runtime.process_log import ProcessLog
from bot.runtime.supervisor import ProcessSpec, Supervisor

PREAMBLE = (
    "import os, signal, sys, time; from bot.runtime.parenthood import follow_parent; follow_parent(); "
    "print('pid', os.getpid(), flush=True); "
)


def main() -> None:
    named = [argument.split("=", 1) for argument in sys.argv[1:]]
    specs = [ProcessSpec(name, (sys.executable, "-c", PREAMBLE + code)) for name, code in named]
    log = ProcessLog([name for name, _ in named])
    sys.exit(asyncio.run(Supervisor(specs, log, first_delay=0.1).run()))


if __name__ == "__main__":
    main()
