"""Runs the README's commands that are marked for it: python scripts/check_readme.py [FILE]

A fenced `sh` block is run when a comment stands right above it:
  <!-- check -->                each command must succeed
  <!-- check: serves -->        must say "Ctrl-C stops everything" and end on Ctrl-C
  <!-- check: while serving --> must succeed while the last block that serves runs
Everything runs with a database, ports and secrets of its own. Other blocks are not touched, and a marked block may call
nothing but SAFE programs. Exit code 1 names what failed.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SAFE = ("make", "python", ".venv/bin/python", "curl", "echo", "cat", "sh", ".ci/run")
BLOCK = re.compile(r"^<!-- check(?:: ([a-z ]+))? -->\n+```(?:sh|bash|shell)\n(.*?)^```", re.MULTILINE | re.DOTALL)
READY = "Ctrl-C stops everything"
SECONDS = 1800
# What a shell, make or a process of ours may answer to Ctrl-C.
ENDED_BY_CTRL_C = (0, 2, 130, -signal.SIGINT)


class Failed(Exception):
    """A command of the README does not do what it should."""


@dataclass(frozen=True)
class Block:
    """Commands to run; mode is "", "serves" or "while serving"."""

    mode: str
    commands: str


def blocks(text: str) -> list[Block]:
    """The marked blocks in order. Raises Failed for one that calls something else than SAFE programs."""
    found = [Block(mode or "", commands) for mode, commands in BLOCK.findall(text)]
    for block in found:
        for line in re.sub(r"\\\n", " ", block.commands).splitlines():
            words = [word for word in line.split() if not re.fullmatch(r"\w+=\S*", word)]
            if words and not words[0].startswith("#") and words[0] not in SAFE:
                raise Failed(f"{words[0]!r} is not a program that may run unattended")
    return found


def check(found: list[Block], folder: Path) -> None:
    """Run all blocks. Raises Failed."""
    environment = own_environment(folder)
    for at, block in enumerate(found):
        if block.mode == "while serving":
            continue
        if block.mode != "serves":
            run(block, environment)
            continue
        with serving(block, environment):
            for companion in found[at + 1 :]:
                if companion.mode != "while serving":
                    break
                run(companion, environment)


def run(block: Block, environment: dict[str, str]) -> None:
    """Raises Failed when a command does not succeed."""
    print(block.commands.rstrip(), flush=True)
    done = subprocess.run(["sh", "-eu", "-c", block.commands], cwd=ROOT, env=environment, timeout=SECONDS)
    if done.returncode:
        raise Failed(f"ended with code {done.returncode}: {block.commands.strip()}")


@contextmanager
def serving(block: Block, environment: dict[str, str]) -> Iterator[None]:
    """The block's server while it runs. Raises Failed when it does not get ready or does not end."""
    print(block.commands.rstrip(), flush=True)
    with tempfile.TemporaryFile("w+b") as said:
        process = subprocess.Popen(
            ["sh", "-eu", "-c", block.commands], cwd=ROOT, env=environment, stdout=said, start_new_session=True
        )
        try:
            _wait_until_ready(process, said.fileno())
            yield
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGINT)
            code = process.wait(timeout=60)
    if code not in ENDED_BY_CTRL_C:
        raise Failed(f"ended with code {code} on Ctrl-C: {block.commands.strip()}")


def own_environment(folder: Path) -> dict[str, str]:
    """Nothing of what runs here touches the installation of whoever runs it."""
    return {
        **os.environ,
        "PATH": f"{ROOT / '.venv' / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "DATABASE_URL": f"sqlite:///{folder / 'readme.db'}",
        "MEDIA_DIR": str(folder / "media"),
        "BOT_API_TOKEN": "token-of-the-readme-check",
        "SECRET_KEY": "key-of-the-readme-check",
        **{name: str(_free_port()) for name in ("RASA_PORT", "CONSOLE_PORT", "ACTIONS_PORT")},
    }


def _wait_until_ready(process: subprocess.Popen[bytes], said: int) -> None:
    end = time.monotonic() + SECONDS
    while READY.encode() not in os.pread(said, 10_000_000, 0):
        if process.poll() is not None or time.monotonic() > end:
            raise Failed(f"did not get ready: {os.pread(said, 10_000_000, 0).decode(errors='replace')[-2000:]}")
        time.sleep(0.2)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def main(path: Path) -> int:
    try:
        with tempfile.TemporaryDirectory() as folder:
            found = blocks(path.read_text(encoding="utf-8"))
            check(found, Path(folder))
    except (Failed, OSError, subprocess.TimeoutExpired) as error:
        print(f"{path.name}: {error}", file=sys.stderr)
        return 1
    print(f"{path.name}: {len(found)} blocks of commands work", file=sys.stderr)
    return 0 if found else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "README.md"))
