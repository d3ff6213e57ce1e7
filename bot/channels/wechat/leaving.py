"""A resident stops following the account: the platform and the law ask that their data go."""

from __future__ import annotations

import logging
from datetime import datetime

from sqlalchemy.orm import Session

from bot import forgetting
from bot.community import actors, late_replies, residents
from bot.community.errors import NotAllowed

logger = logging.getLogger(__name__)


def forget(session: Session, sender_id: str, *, now: datetime) -> None:
    """Erase what may be erased; open cases and what the law keeps stay, as does a resident under a legal hold."""
    late_replies.forget(session, sender_id)
    resident = residents.find(session, sender_id)
    if resident is None:
        return
    try:
        forgetting.erase(session, resident.id, actor=actors.resident(resident.id), now=now)
    except NotAllowed as refusal:
        logger.warning("resident %s left and is kept: %s", resident.id, refusal.reason)
