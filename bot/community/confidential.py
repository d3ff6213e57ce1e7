"""What of a conversation only the psychology roles, and the operator who holds it, may read.

Everything from the first message about a trouble of the mind or a crisis to the end of the session: answers, and what
the resident says next, would give it away.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from bot.community import taxonomy
from bot.community.models.conversations import Message
from bot.community.referral_views import READING_ROLES

__all__ = ["READING_ROLES", "outside", "starts"]

INTENTS = ("seek_counselling", "book_counselling", "self_help", "self_check", "crisis")


def starts(session: Session, session_ids: Sequence[int]) -> dict[int, int]:
    """Session id: id of its first confidential message; sessions without one are left out."""
    query = select(Message.session_id, func.min(Message.id)).where(
        Message.session_id.in_(list(session_ids)), _confidential(Message)
    )
    return {row[0]: row[1] for row in session.execute(query.group_by(Message.session_id))}


def outside() -> Any:
    """The condition that a message comes before anything confidential of its session. For the core's own modules."""
    earlier = aliased(Message)
    same_session = earlier.session_id == Message.session_id
    return ~exists().where(same_session, earlier.id <= Message.id, _confidential(earlier))


def _confidential(table: Any) -> Any:
    topics = [category.id for category in taxonomy.categories("psychology")]
    return or_(
        table.category.in_(topics),
        table.intent.in_(INTENTS),
        table.crisis.in_(taxonomy.CRISIS_LEVELS[1:]),
    )
