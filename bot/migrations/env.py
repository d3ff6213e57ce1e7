"""Runs the migrations on the connection that bot.community.schema hands over."""

from __future__ import annotations

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context

from bot.community.models import Json, UtcDateTime, metadata


def include_object(item: Any, name: str | None, kind: str, reflected: bool, compare_to: Any) -> bool:
    """The full-text indexes are made by hand (bot.community.search_index), so a comparison leaves them out."""
    return not (name and ("_fts" in name or name.endswith("_search")))


def render_item(kind: str, item: Any, autogen_context: Any) -> str | Literal[False]:
    """Types of our own as what they are in the database, so that a migration stays readable when they change."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, type(Json)) and isinstance(item.impl, sa.JSON):
        autogen_context.imports.add("from sqlalchemy.dialects import postgresql")
        return "sa.JSON().with_variant(postgresql.JSONB(), 'postgresql')"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    include_object=include_object,
    render_item=render_item,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
