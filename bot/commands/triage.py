"""`python -m bot triage`: what the model understands of messages in a file, without a server."""

from __future__ import annotations

import json
import sys
import tarfile
import tempfile
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, TextIO

import typer
from rich.console import Console
from rich.progress import track

from bot import settings
from bot.nlu.entities.places import database_places
from bot.nlu.moment import now
from bot.nlu.understanding import Understander
from bot.problems import Problem
from bot.runtime.training import current_model

BATCH = 64
COMPONENT = "ResidentUnderstanding"


app = typer.Typer()


@app.command()
def triage(file: str = typer.Argument(help="JSON lines with id and text; - is standard input")) -> None:
    """Print one triage object a line, in the order of the messages. No server is needed.

    Example: echo '{"id": 1, "text": "厨房水管爆了"}' | python -m bot triage -
    """
    run(file)


def run(source: str, output: TextIO = sys.stdout) -> None:
    """Read JSON lines {"id", "text"} from a file ("-" is standard input), print one triage object a line, in order."""
    lines = sys.stdin.read().splitlines() if source == "-" else _read(Path(source))
    messages = list(_messages(lines))
    understander = load()
    progress = track(
        _batches(messages),
        total=-(-len(messages) // BATCH),
        description="理解消息",
        console=Console(stderr=True),
        disable=not sys.stderr.isatty(),
    )
    for batch in progress:
        for message, understood in zip(
            batch, understander.understand([m["text"] for m in batch], now=now()), strict=True
        ):
            output.write(json.dumps({"id": message["id"], **understood.as_triage()}, ensure_ascii=False) + "\n")


def load() -> Understander:
    """The understanding of the current model, straight from its archive: Rasa itself is not needed for this."""
    model = current_model(settings.load().model_dir)
    if model is None:
        raise Problem("there is no trained model yet; run: make train")
    with tempfile.TemporaryDirectory() as directory:
        return Understander.load(_unpack(model, Path(directory)), database_places())


def _unpack(model: Path, directory: Path) -> Path:
    """Extract the files of the understanding component; returns their directory."""
    with tarfile.open(model) as archive:
        wanted = [member for member in archive if COMPONENT in member.name and ".." not in member.name]
        archive.extractall(directory, members=wanted)  # noqa: S202 (our own archive, names checked)
    found = next(directory.rglob("category"), None)
    if found is None:
        raise Problem(f"{model.name} holds no understanding component; run: make train")
    return found.parent


def _read(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise Problem(f"can't read {path}: {error}") from error


def _messages(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            message = json.loads(line)
            yield {"id": message["id"], "text": str(message["text"])}
        except (ValueError, KeyError, TypeError):
            raise Problem(f'line {number} is not a JSON object with "id" and "text"') from None


def _batches(messages: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    iterator = iter(messages)
    while batch := list(islice(iterator, BATCH)):
        yield batch
