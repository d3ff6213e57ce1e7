"""Lines of several processes under their names."""

from __future__ import annotations

import io

from bot.runtime.process_log import ProcessLog


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_names_stand_plainly_before_lines_without_a_terminal() -> None:
    stream = io.StringIO()
    log = ProcessLog(["rasa", "dispatcher"], stream)
    log.line("rasa", "ERROR something")
    assert stream.getvalue() == "rasa       | ERROR something\n"


def test_names_and_levels_have_colours_on_a_terminal() -> None:
    stream = Terminal()
    log = ProcessLog(["rasa", "console"], stream)
    log.line("rasa", "ERROR something")
    log.line("console", "INFO something")
    first, second = stream.getvalue().splitlines()
    assert first.startswith("\033[36mrasa    │\033[0m \033[31mERROR")
    assert second.startswith("\033[35mconsole │\033[0m INFO")
