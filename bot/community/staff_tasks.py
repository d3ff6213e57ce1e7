"""What somebody of the staff has to do by a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bot.community.models.staff import StaffTask
from bot.community.rows import insert_once, update_if


@dataclass(frozen=True)
class TaskView:
    """A task; subject is a number or another name of what it is about, staff_id None means anybody's."""

    id: int
    kind: str
    subject: str
    due_at: datetime
    staff_id: int | None
    note: str
    created_at: datetime
    done_at: datetime | None
    done_by: int | None


def add(
    session: Session,
    *,
    key: str,
    kind: str,
    subject: str,
    due_at: datetime,
    now: datetime,
    staff_id: int | None = None,
    note: str = "",
) -> bool:
    """Leave a task; the same key leaves one. Tells whether it is new."""
    values = {
        "key": key,
        "kind": kind,
        "subject": subject,
        "due_at": due_at,
        "staff_id": staff_id,
        "note": note,
        "created_at": now,
    }
    return insert_once(session, StaffTask, values, unique=["key"])


def todo(session: Session, *, staff_id: int | None = None, limit: int = 50) -> list[TaskView]:
    """Tasks not done, the most urgent first; with staff_id, that person's and those that are anybody's."""
    query = select(StaffTask).where(StaffTask.done_at.is_(None))
    if staff_id is not None:
        query = query.where(or_(StaffTask.staff_id == staff_id, StaffTask.staff_id.is_(None)))
    rows = session.scalars(query.order_by(StaffTask.due_at, StaffTask.id).limit(limit))
    names = TaskView.__dataclass_fields__
    return [TaskView(**{name: getattr(row, name) for name in names}) for row in rows]


def done(session: Session, task_id: int, staff_id: int, *, now: datetime) -> bool:
    """Tells whether this call did it; False when it was done already or there is no such task."""
    return update_if(
        session, StaffTask, StaffTask.id == task_id, StaffTask.done_at.is_(None), done_at=now, done_by=staff_id
    )
