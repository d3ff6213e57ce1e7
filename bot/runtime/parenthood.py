"""A child that ends when its parent is gone, even when the parent was killed outright."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
import time

PARENT = "BOT_PARENT_PID"  # set by the supervisor for the processes it starts
PR_SET_PDEATHSIG = 1
CHECK_SECONDS = 1.0


def follow_parent(environment: dict[str, str] | None = None) -> bool:
    """End this process when the supervisor that started it is gone; False when no supervisor did.

    Linux sends SIGTERM by itself. Elsewhere, and should the parent have died before the request, a thread looks.
    """
    given = (os.environ if environment is None else environment).get(PARENT, "")
    if not given.isdecimal():
        return False
    follow(int(given))
    return True


def follow(parent: int) -> None:
    """End this process when it has another parent than `parent`; forked workers call it as well."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    threading.Thread(target=_watch, args=(parent,), name="parent-watch", daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(CHECK_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(5)
    os._exit(1)  # whatever did not listen to SIGTERM
