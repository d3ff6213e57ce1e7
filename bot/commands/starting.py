"""What can be said before any work: disk, ports, settings that do not fit together."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.problems import Problem
from bot.runtime.channel_settings import check as check_channels
from bot.runtime.listening import check_free
from bot.runtime.workers import check_workers
from bot.settings import VAR, Settings

LEAST_FREE_BYTES = 200 * 1024 * 1024


def check(config: Settings, *, local_actions: bool) -> None:
    """Raises Problem."""
    check_channels(config)
    check_workers(config)
    check_disk(VAR)
    check_free(config.bind_host, config.rasa_port, "RASA_PORT")
    check_free(config.bind_host, config.console_port, "CONSOLE_PORT")
    if local_actions:
        check_free(config.bind_host, config.actions_port, "ACTIONS_PORT")


def check_disk(directory: Path) -> None:
    """Raises Problem when the disk is nearly full or the directory can't be written."""
    with disk_problems(directory):
        directory.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(directory).free
    if free < LEAST_FREE_BYTES:
        raise Problem(f"only {free // 2**20} MB are free on the disk of {directory}: free at least 200 MB")


@contextmanager
def disk_problems(directory: Path) -> Iterator[None]:
    """A full disk, a directory without rights or a missing file becomes a Problem."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise Problem(f"the disk of {directory} is full: free at least 200 MB") from error
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise Problem(f"{error.filename or directory} can't be written: give this account the right to") from error
        raise Problem(f"{error.filename or directory} can't be used: {error.strerror or error}") from error
