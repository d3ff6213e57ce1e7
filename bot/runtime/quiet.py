"""Without the warnings that old libraries give about themselves: nobody who runs the product can act on them."""

from __future__ import annotations

import warnings


def silence_libraries() -> None:
    """Call before Rasa is imported. Sanic turns deprecation warnings on when it is imported, so that comes first."""
    import sanic.app  # noqa: F401

    warnings.filterwarnings("ignore", category=DeprecationWarning)
    warnings.filterwarnings("ignore", category=FutureWarning)
    warnings.filterwarnings("ignore", message=".*Slot auto-fill has been removed")
