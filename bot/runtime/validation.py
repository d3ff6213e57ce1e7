"""Rasa's own validation of the project's data, with every warning counted as a failure.

Rasa looks for a response's or an intent's use in stories and rules alone; ours are spoken by actions and read by the
safety policy as well, so those names are looked up in the code before a complaint counts.
"""

from __future__ import annotations

import ast
import logging
import re
import warnings
from collections.abc import Iterator
from pathlib import Path

from bot.runtime.training import DIALOGUE_FILES, NLU_FILES

CODE = ("actions", "bot/channels", "bot/policies")
UNUSED = re.compile(r"The (?:utterance|intent) '(\w+)' is not used in any story or rule")
# Said whenever a domain is read, whatever it holds.
ALWAYS_SAID = "Slot auto-fill has been removed in 3.0"


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
            files = [str(root / name) for name in NLU_FILES + DIALOGUE_FILES]
            importer = TrainingDataImporter.load_from_config(str(root / "config.yml"), str(root / "domain.yml"), files)
            sound = _verify(Validator.from_importer(importer))
    finally:
        logging.getLogger("rasa").removeHandler(complaints)
    said = [str(each.message) for each in warned if issubclass(each.category, (UserWarning, FutureWarning))]
    told = complaints.lines + relevant(said, root)
    # Its verdict counts the names that only the code uses: it says nothing when there is nothing else.
    return told if told or sound or said else ["Rasa's validator refuses the data"]


def _verify(validator: object) -> bool:
    """Each check that `rasa data validate` makes; all run, so that all complaints are told at once."""
    checks = (
        "verify_domain_validity",
        "verify_actions_in_stories_rules",
        "verify_forms_in_stories_rules",
        "verify_form_slots",
        "verify_slot_mappings",
    )
    results = [getattr(validator, name)() for name in checks]
    results.append(validator.verify_nlu(ignore_warnings=False))  # type: ignore[attr-defined]
    results.append(validator.verify_story_structure(ignore_warnings=False))  # type: ignore[attr-defined]
    return all(results)


def relevant(said: list[str], root: Path) -> list[str]:
    """The warnings that count: not those about names that the code below `root` uses."""
    names = [re.compile(pattern) for pattern in set(_names_in_code(root))]

    def counts(complaint: str) -> bool:
        unused = UNUSED.search(complaint)
        return not (ALWAYS_SAID in complaint or (unused and any(name.fullmatch(unused[1]) for name in names)))

    return [complaint for complaint in said if counts(complaint)]


def _names_in_code(root: Path) -> Iterator[str]:
    """Patterns of the words that the code holds: "utter_greet", and "utter_ask_" with anything put in behind."""
    for folder in CODE:
        for path in sorted((root / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.isidentifier():
                    yield re.escape(node.value)
                elif isinstance(node, ast.JoinedStr) and _text(node.values[0]):
                    yield "".join(re.escape(_text(part)) or r"\w+" for part in node.values)


def _text(part: ast.expr) -> str:
    """The fixed text of a part of an f-string; empty for what is put in."""
    return part.value if isinstance(part, ast.Constant) and isinstance(part.value, str) else ""
