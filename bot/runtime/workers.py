"""Several Rasa server processes: when that is allowed, and that none outlives the one that forked it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from bot.problems import Problem
from bot.runtime.parenthood import follow
from bot.settings import Settings

if TYPE_CHECKING:  # the supervisor checks the workers' number without loading a server
    from sanic import Sanic


def check_workers(config: Settings) -> None:
    """Raises Problem when several workers would answer one resident at the same time."""
    if config.rasa_workers < 1:
        raise Problem("RASA_WORKERS must be 1 or more")
    if config.rasa_workers > 1 and not config.redis_url:
        raise Problem("RASA_WORKERS above 1 needs REDIS_URL, so that two workers never answer one resident at once")


def follow_in_workers(app: Sanic) -> None:
    """Forked workers end when the process that calls this now is gone."""
    main = os.getpid()

    @app.before_server_start
    async def follow_main(app: Sanic, loop: object) -> None:
        if os.getpid() != main:
            follow(main)
