"""Erasing a resident everywhere: what the core keeps, and the dialogue's own record of the same words.

The core does not know Rasa's table of events; an erasure that left it would leave every sentence.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import column, delete, inspect, table
from sqlalchemy.orm import Session

from bot.community import privacy, residents
from bot.community.privacy import Erasure

TRACKER_EVENTS = table("events", column("sender_id"))  # made by bot/store.py


def erase(session: Session, resident_id: int, *, actor: str, now: datetime) -> Erasure:
    """privacy.erase, and the trackers of all the resident's senders. Raises NotAllowed, NotFound."""
    senders = residents.senders(session, resident_id)
    erasure = privacy.erase(session, resident_id, actor=actor, now=now)
    if inspect(session.connection()).has_table(TRACKER_EVENTS.name):
        session.execute(delete(TRACKER_EVENTS).where(TRACKER_EVENTS.c.sender_id.in_(senders)))
    return erasure
