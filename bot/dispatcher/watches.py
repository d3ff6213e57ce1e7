"""What must happen when nobody does anything: alarms nobody answered, tickets nobody accepted or resolved in time."""

from __future__ import annotations

import logging
from datetime import datetime

from bot.community import crisis, ticket_watch
from bot.community.database import Database

logger = logging.getLogger(__name__)

TICKETS_AT_ONCE = 100


async def escalate_alarms(database: Database, now: datetime) -> None:
    """Call the next person for each crisis that nobody has answered in time."""
    for escalation in await database.run(crisis.escalate_due, now=now):
        logger.warning("crisis %s: nobody answered, step %s", escalation.alarm.number, escalation.alarm.step)


async def watch_tickets(database: Database, now: datetime) -> None:
    """Warn about tickets that are nearly late, and call the desk for those that are."""
    for watch in (ticket_watch.warn_due, ticket_watch.escalate_due):
        while len(await database.run(watch, now=now, limit=TICKETS_AT_ONCE)) == TICKETS_AT_ONCE:
            pass
