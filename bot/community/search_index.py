"""The databases' own full-text indexes over search_text: SQLite's FTS5 and PostgreSQL's tsvector.

Both index the same terms (search_text.py), so both find the same rows. A table that is indexed has an integer
primary key `row` and a column `search_text` of terms separated by single spaces.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import DDL, Table, bindparam, event, literal_column, text
from sqlalchemy.orm import Session


def fts_table(table: str) -> str:
    return f"{table}_fts"


def create_statements(table: str, dialect: str) -> list[str]:
    """The statements that build the index of a table; the migrations use them too."""
    if dialect == "postgresql":
        return [f"CREATE INDEX ix_{table}_search ON {table} USING gin ({vector_of(table)})"]
    fts = fts_table(table)
    insert_old = f"INSERT INTO {fts}({fts}, rowid, search_text) VALUES ('delete', old.row, old.search_text)"  # noqa: S608
    insert_new = f"INSERT INTO {fts}(rowid, search_text) VALUES (new.row, new.search_text)"  # noqa: S608
    return [
        f"CREATE VIRTUAL TABLE {fts} USING fts5(search_text, content='{table}', content_rowid='row', detail='none', "
        "tokenize=\"unicode61 remove_diacritics 0 tokenchars ':_.-'\")",
        f"CREATE TRIGGER {fts}_insert AFTER INSERT ON {table} BEGIN {insert_new}; END",
        f"CREATE TRIGGER {fts}_delete AFTER DELETE ON {table} BEGIN {insert_old}; END",
        f"CREATE TRIGGER {fts}_update AFTER UPDATE OF search_text ON {table} BEGIN {insert_old}; {insert_new}; END",
    ]


def drop_statements(table: str, dialect: str) -> list[str]:
    """What takes the index away again, before the table itself goes."""
    if dialect == "postgresql":
        return [f"DROP INDEX IF EXISTS ix_{table}_search"]
    fts = fts_table(table)
    triggers = [f"DROP TRIGGER IF EXISTS {fts}_{moment}" for moment in ("insert", "delete", "update")]
    return [*triggers, f"DROP TABLE IF EXISTS {fts}"]


def vector_of(table: str) -> str:
    """PostgreSQL's expression of the index; queries must use the same words for the index to serve them."""
    return f"array_to_tsvector(string_to_array({table}.search_text, ' '))"


def add_full_text(table: Table) -> None:
    """Create and drop the index together with the table, for metadata.create_all and drop_all."""
    for dialect in ("sqlite", "postgresql"):
        for statement in create_statements(table.name, dialect):
            event.listen(table, "after_create", DDL(statement.replace("%", "%%")).execute_if(dialect=dialect))
        for statement in drop_statements(table.name, dialect):
            event.listen(table, "before_drop", DDL(statement.replace("%", "%%")).execute_if(dialect=dialect))


def matching(session: Session, table: str, terms: Sequence[str], *, within: Iterable[str] = ()) -> Any:
    """A condition for .where(): the row has one of `terms`, and one of `within` if that is given.

    Terms are those that search_text makes. `within` holds the marks of communities: it keeps the search inside a
    tenant, so that its time does not grow with the city.
    """
    scope = list(within)
    if session.get_bind().dialect.name == "postgresql":
        groups = [" | ".join(map(_quoted_lexeme, group)) for group in (terms, scope) if group]
        query = " & ".join(f"({group})" for group in groups)
        return text(f"{vector_of(table)} @@ CAST(:search_query AS tsquery)").bindparams(
            bindparam("search_query", query)
        )
    groups = [" OR ".join(map(_quoted_string, group)) for group in (scope, terms) if group]
    query = " AND ".join(f"({group})" for group in groups)
    fts = fts_table(table)
    rows = text(f"SELECT rowid FROM {fts} WHERE {fts} MATCH :search_query")  # noqa: S608 (a table's name, not input)
    return literal_column(f"{table}.row").in_(rows.bindparams(bindparam("search_query", query)))


def _quoted_lexeme(term: str) -> str:
    escaped = term.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"


def _quoted_string(term: str) -> str:
    escaped = term.replace('"', '""')
    return f'"{escaped}"'
