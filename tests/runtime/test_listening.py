"""A port that is taken is one sentence with the setting to change."""

from __future__ import annotations

import socket

import pytest

from bot.problems import Problem
from bot.runtime.listening import check_free, listen


def test_taken_port_names_the_port_and_the_setting() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(Problem, match=f"port {port} is taken .* set CONSOLE_PORT to a free port"):
            listen("127.0.0.1", port, "CONSOLE_PORT")


def test_second_listener_is_refused_before_the_first_serves() -> None:
    with listen("127.0.0.1", 0, "RASA_PORT") as first:
        port = first.getsockname()[1]
        with pytest.raises(Problem, match="is taken"):
            check_free("127.0.0.1", port, "RASA_PORT")
    check_free("127.0.0.1", port, "RASA_PORT")


def test_address_of_another_machine_is_refused() -> None:
    with pytest.raises(Problem, match="BIND_HOST"):
        listen("192.0.2.1", 0, "RASA_PORT")


@pytest.mark.parametrize("port", [-1, 70_000])
def test_impossible_port_is_refused(port: int) -> None:
    with pytest.raises(Problem, match="RASA_PORT"):
        listen("127.0.0.1", port, "RASA_PORT")
