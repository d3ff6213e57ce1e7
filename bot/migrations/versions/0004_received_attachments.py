"""The ledger of received messages keeps what came with a message: a photo survives a killed process."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    kind = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
    op.add_column("inbound_messages", sa.Column("attachments", kind))


def downgrade() -> None:
    op.drop_column("inbound_messages", "attachments")
