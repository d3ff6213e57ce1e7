"""Every table of the core. Importing the package registers all of them with Base.metadata."""

from __future__ import annotations

import pkgutil
from importlib import import_module

from bot.community.models.base import Base, Json, UtcDateTime

for _module in pkgutil.iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")

metadata = Base.metadata

__all__ = ["Base", "Json", "UtcDateTime", "metadata"]
