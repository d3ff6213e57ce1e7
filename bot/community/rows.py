"""Writing rows safely: values that fit their columns, and inserts that a unique constraint decides."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import String, bindparam, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

LONGEST_TEXT = 20_000

_INSERTS = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def insert_once(
    session: Session, model: Any, values: Mapping[str, Any], *, unique: Sequence[str], where: Any = None
) -> bool:
    """Insert a row unless one with the same unique columns exists; tells whether it was inserted.

    where repeats the condition of a partial index. Waits for a racing transaction to end, so that after False the
    other row can be read.
    """
    insert = _INSERTS[session.get_bind().dialect.name]
    statement = insert(model).values(**fit(model, values))
    statement = statement.on_conflict_do_nothing(index_elements=list(unique), index_where=where)
    return session.execute(statement).rowcount == 1


def next_value(session: Session, model: Any, key: Mapping[str, Any], column: str = "value") -> int:
    """Count a row's column up by one, from 1, and return the new value; holds the row until the transaction ends."""
    counted = getattr(model, column)
    insert = _INSERTS[session.get_bind().dialect.name]
    statement = insert(model).values(**key, **{column: 1})
    statement = statement.on_conflict_do_update(index_elements=list(key), set_={column: counted + 1})
    session.execute(statement)
    conditions = [getattr(model, name) == value for name, value in key.items()]
    return session.query(counted).filter(*conditions).scalar()


def update_if(session: Session, model: Any, *conditions: Any, **values: Any) -> bool:
    """Change the rows that meet the conditions at the moment of writing; tells whether there was one."""
    statement = update(model).where(*conditions).values(**fit(model, values))
    return session.execute(statement.execution_options(synchronize_session="fetch")).rowcount > 0


def fit(model: Any, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as the columns can hold them: text cut to length, without what PostgreSQL refuses to store.

    What a resident sends is never a reason to lose it.
    """
    columns = model.__table__.c
    return {name: _fitted(value, columns[name].type) for name, value in values.items()}


def _fitted(value: Any, column_type: Any) -> Any:
    value = storable(value)
    if isinstance(value, str):
        limit = getattr(column_type, "length", None) if isinstance(column_type, String) else None
        return value[: limit or LONGEST_TEXT]
    return value


def is_one_of(column: Any, values: Sequence[str], *, negated: bool = False) -> Any:
    """column IN the values, written out in the statement: SQLite sees only then that a partial index covers it."""
    literal = bindparam(None, value=list(values), expanding=True, literal_execute=True)
    return column.notin_(literal) if negated else column.in_(literal)


def short_key(key: str, limit: int = 255) -> str:
    """An idempotency key as a column can hold it: a long one keeps being different from every other."""
    key = storable(key)
    if len(key) <= limit:
        return key
    digest = hashlib.sha256(key.encode()).hexdigest()
    return f"{key[: limit - len(digest) - 1]}#{digest}"


def storable(value: Any) -> Any:
    """Without NUL and half characters, at any depth of lists and dicts."""
    if isinstance(value, str):
        return value.replace("\x00", "").encode("utf-8", "ignore").decode("utf-8")
    if isinstance(value, dict):
        return {storable(key): storable(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [storable(item) for item in value]
    return value
