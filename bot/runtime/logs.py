"""Logging of every process: one line per thing worth knowing.

structlog must be configured: Rasa's debug lines are otherwise formatted and printed on every turn and, in training,
for every state of every rule (minutes instead of seconds).
"""

from __future__ import annotations

import logging
import os

QUIET = ("rasa", "sanic.access", "apscheduler", "alembic", "rasa_sdk", "matplotlib")


def configure(level: int = logging.INFO) -> None:
    """Set up the root logger and structlog, and keep chatty libraries to warnings."""
    import structlog

    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
    logging.basicConfig(level=level, format="%(levelname)s %(name)s: %(message)s", force=True)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
