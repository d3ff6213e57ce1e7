"""When a ticket is warned of and escalated next, instead of when it was."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

RENAMED = {"warned_at": "warn_at", "escalated_at": "escalate_at"}
STILL_OPEN = "status NOT IN ('resolved', 'closed', 'cancelled')"


def upgrade() -> None:
    for before, after in RENAMED.items():
        op.execute(f"ALTER TABLE tickets RENAME COLUMN {before} TO {after}")
    op.execute(f"UPDATE tickets SET warn_at = respond_by, escalate_at = resolve_by WHERE {STILL_OPEN}")  # noqa: S608
    for name, column in (("ix_tickets_warn", "warn_at"), ("ix_tickets_escalate", "escalate_at")):
        condition = sa.text(f"{column} IS NOT NULL")
        op.create_index(name, "tickets", [column], sqlite_where=condition, postgresql_where=condition)


def downgrade() -> None:
    op.drop_index("ix_tickets_escalate", "tickets")
    op.drop_index("ix_tickets_warn", "tickets")
    op.execute("UPDATE tickets SET warn_at = NULL, escalate_at = NULL")
    for before, after in RENAMED.items():
        op.execute(f"ALTER TABLE tickets RENAME COLUMN {after} TO {before}")
