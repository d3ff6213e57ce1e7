"""For all tests. Sanic turns deprecation warnings on when it is imported: here, so that pytest's own settings hold."""

import sanic.app  # noqa: F401
