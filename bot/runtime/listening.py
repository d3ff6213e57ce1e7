"""Listening sockets: taken before anything slow is loaded, so that a port in use is said at once."""

from __future__ import annotations

import errno
import socket

from bot.problems import Problem

BACKLOG = 512


def listen(host: str, port: int, setting: str) -> socket.socket:
    """A socket bound to host and port; raises Problem that names the setting when that can't be."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(BACKLOG)
    except (OSError, OverflowError) as error:
        listener.close()
        raise Problem(_reason(error, host, port, setting)) from error
    listener.set_inheritable(True)
    return listener


def check_free(host: str, port: int, setting: str) -> None:
    """Raises Problem when nothing can listen on host and port."""
    if port:
        listen(host, port, setting).close()


def _reason(error: Exception, host: str, port: int, setting: str) -> str:
    number = getattr(error, "errno", None)
    if number == errno.EADDRINUSE:
        return f"port {port} is taken by another program: stop it, or set {setting} to a free port"
    if number == errno.EACCES:
        return f"port {port} needs rights that this account lacks: set {setting} to a port above 1023"
    if number == errno.EADDRNOTAVAIL or isinstance(error, socket.gaierror):
        return f"{host} is no address of this machine: set BIND_HOST to one, such as 127.0.0.1"
    return f"nothing can listen on {host}:{port} ({error}): set BIND_HOST and {setting}"
