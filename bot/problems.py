"""What a person who runs the product can put right."""

from __future__ import annotations

EXIT_CODE = 78
"""EX_CONFIG of sysexits.h: starting again without a change is useless."""


class Problem(Exception):
    """A foreseeable failure; its text is one sentence that says what is wrong and what to do.

    The command line prints it on stderr and ends with EXIT_CODE, without a traceback.
    """
