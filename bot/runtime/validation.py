"""Rasa's own validation of the project's data, with every warning counted as a failure."""

from __future__ import annotations

import asyncio
import logging
import warnings
from pathlib import Path

from bot.runtime.training import DIALOGUE_FILES, NLU_FILES


class _Complaints(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


def validate(root: Path) -> list[str]:
    """What Rasa finds wrong or worth a warning; empty when the data fits together."""
    from rasa.shared.importers.importer import TrainingDataImporter
    from rasa.validator import Validator

    complaints = _Complaints()
    logging.getLogger("rasa").addHandler(complaints)
    try:
        with warnings.catch_warnings(record=True) as warned:
            warnings.simplefilter("always")
            importer = TrainingDataImporter.load_from_config(
                str(root / "config.yml"), str(root / "domain.yml"), [str(root / name) for name in NLU_FILES + DIALOGUE_FILES]
            )
            validator = asyncio.run(_validator(Validator, importer))
            sound = validator.verify_all(ignore_warnings=False)
            sound = validator.verify_story_structure(ignore_warnings=False) and sound
    finally:
        logging.getLogger("rasa").removeHandler(complaints)
    found = [str(each.message) for each in warned if "rasa" in str(each.category).lower() or each.category is UserWarning]
    found += complaints.lines
    return found or ([] if sound else ["Rasa's validator refuses the data"])
