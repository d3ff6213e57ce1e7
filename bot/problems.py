"""What a person who runs the product can put right."""

from __future__ import annotations


class Problem(Exception):
    """A foreseeable failure; its text is one sentence that says what is wrong and what to do.

    The command line prints it on stderr and ends with code 1, without a traceback.
    """
