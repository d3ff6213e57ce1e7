"""Training a model, once for each state of its inputs."""

from __future__ import annotations

import contextlib
import hashlib
import io
import logging
import os
import sys
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path

from bot.runtime import logs
from bot.settings import ROOT

NLU_FILES = ("data/nlu.yml", "data/nlu")
DIALOGUE_FILES = ("data/stories.yml", "data/rules.yml")
CONFIGURATION = ("config.yml", "domain.yml")
# Code whose change changes what is learnt: the components and policies that training runs.
LEARNING_CODE = ("bot/nlu", "bot/policies")


class TrainingFailed(Exception):
    """Rasa could not train; the message says why."""


def inputs() -> Iterator[Path]:
    """Every file that a model depends on, in a fixed order."""
    for name in CONFIGURATION + NLU_FILES + DIALOGUE_FILES + LEARNING_CODE:
        path = ROOT / name
        if path.is_dir():
            yield from sorted(file for file in path.rglob("*") if file.suffix in (".yml", ".py"))
        elif path.exists():
            yield path


def fingerprint() -> str:
    """Hex digest of the inputs and of the versions that matter."""
    digest = hashlib.sha256(f"{version('rasa')} {version('scikit-learn')} {sys.version_info[:2]}".encode())
    for path in inputs():
        digest.update(str(path.relative_to(ROOT)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def model_path(directory: Path) -> Path:
    """Where the model of the present inputs is, or will be."""
    return directory / f"community-{fingerprint()}.tar.gz"


def current_model(directory: Path) -> Path | None:
    """The model to serve: that of the present inputs, else the newest there is, else None."""
    wanted = model_path(directory)
    if wanted.exists():
        return wanted
    return max(directory.glob("community-*.tar.gz"), key=lambda path: path.stat().st_mtime, default=None)


def ensure_model(directory: Path, report: Callable[[str], None]) -> Path:
    """The model of the present inputs, trained if it is not there yet. Raises TrainingFailed."""
    wanted = model_path(directory)
    if not wanted.exists():
        report("training the model (under a minute, once)")
        train(wanted)
    return wanted


def train(target: Path) -> Path:
    """Train on the project's data and write the model to `target`, which appears only when complete."""
    os.environ.setdefault("RASA_MAX_CACHE_SIZE", "0")
    # Rasa draws a progress bar for each of its inner steps unless its log level is ERROR; ours shows the whole.
    os.environ["LOG_LEVEL"] = "ERROR"
    from rasa.model_training import train as rasa_train

    logs.configure(logging.WARNING)
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(f".{os.getpid()}-{target.name}")
    try:
        with contextlib.redirect_stdout(io.StringIO()):  # the command prints the model's file, and nothing else
            result = rasa_train(
                domain=str(ROOT / "domain.yml"),
                config=str(ROOT / "config.yml"),
                training_files=[str(ROOT / name) for name in NLU_FILES + DIALOGUE_FILES],
                output=str(target.parent),
                fixed_model_name=unfinished.name,
                force_training=True,
            )
        if result.code != 0 or not unfinished.exists():
            raise TrainingFailed(f"Rasa ended training with code {result.code}")
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)
    return target
