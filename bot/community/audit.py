"""The audit trail: who did what to whose data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.community.models.staff import AuditEvent
from bot.community.rows import fit


@dataclass(frozen=True)
class AuditView:
    """A line of the trail."""

    id: int
    at: datetime
    actor: str
    action: str
    subject: str
    detail: Mapping[str, Any]


def audit(
    session: Session, actor: str, action: str, subject: str, detail: Mapping[str, Any] | None = None, *, now: datetime
) -> None:
    """Add a line, in the transaction of what it tells of. actor is of actors.py, subject such as "resident:5"."""
    values = {"at": now, "actor": actor, "action": action, "subject": subject, "detail": dict(detail or {})}
    session.add(AuditEvent(**fit(AuditEvent, values)))
    session.flush()


def audit_trail(
    session: Session, *, subject: str | None = None, limit: int = 50, before: int | None = None
) -> list[AuditView]:
    """The trail, the newest first; `before` is the last id of the page before."""
    query = select(AuditEvent)
    if subject is not None:
        query = query.where(AuditEvent.subject == subject)
    if before is not None:
        query = query.where(AuditEvent.id < before)
    rows = session.scalars(query.order_by(AuditEvent.id.desc()).limit(limit))
    return [AuditView(**{name: getattr(row, name) for name in AuditView.__dataclass_fields__}) for row in rows]
