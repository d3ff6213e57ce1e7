"""Starting the console as a process of its own: `python -m bot console`, which the supervisor calls."""

from __future__ import annotations

from bot.console.app import build_app
from bot.runtime.listening import listen
from bot.settings import Settings
from bot.wiring import database

GRACE_SECONDS = 3.0  # for requests in work; a supervisor kills a little later


def run(settings: Settings) -> None:
    """Serve until the process is told to stop (SIGINT or SIGTERM). Raises Problem when the port is taken."""
    listener = listen(settings.bind_host, settings.console_port, "CONSOLE_PORT")
    app = build_app(settings, database())
    app.config.GRACEFUL_SHUTDOWN_TIMEOUT = GRACE_SECONDS
    app.run(sock=listener, access_log=False, motd=False)
