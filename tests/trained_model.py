"""The newest trained model under the name of the present data, for tests of processes rather than of understanding."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.runtime import training
from bot.settings import ROOT


def put_into(folder: Path) -> Path:
    """Put a model into the folder, so that nothing trains; skips the test where there is none."""
    model = training.current_model(ROOT / "models")
    if model is None:
        pytest.skip("no model in models/: run `make train`")
    folder.mkdir(exist_ok=True)
    shutil.copy(model, training.model_path(folder))
    return folder
