"""What the database holds about a resident, for the checks at the end of a conversation."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from bot.community.database import Database
from bot.community.models.catalogue import Demand
from bot.community.models.conversations import ConversationSession
from bot.community.models.crisis import CrisisAlarm
from bot.community.models.referrals import Referral
from bot.community.models.residents import Identity
from bot.community.models.tickets import Ticket


def read(database: Database, sender_id: str) -> dict[str, list[dict[str, Any]]]:
    """Tickets, referrals, alarms, demands and sessions of a resident, oldest first."""
    with database.reading() as session:
        resident = session.scalars(select(Identity.resident_id).where(Identity.sender_id == sender_id)).one_or_none()
        kinds = {
            "tickets": (Ticket, Ticket.resident_id == resident),
            "referrals": (Referral, Referral.resident_id == resident),
            "alarms": (CrisisAlarm, CrisisAlarm.sender_id == sender_id),
            "demands": (Demand, Demand.resident_id == resident),
            "sessions": (ConversationSession, ConversationSession.sender_id == sender_id),
        }
        return {
            name: [
                {column.key: getattr(row, column.key) for column in model.__table__.columns}
                for row in session.scalars(select(model).where(condition).order_by(model.id))
            ]
            for name, (model, condition) in kinds.items()
        }


def differences(expected: list[dict[str, Any]], found: list[dict[str, Any]]) -> list[str]:
    """What is not as expected; only the fields named are compared."""
    if len(expected) != len(found):
        return [f"expected {len(expected)} rows, found {len(found)}: {found}"]
    return [
        f"{name}: expected {value!r}, found {row.get(name)!r}"
        for wanted, row in zip(expected, found, strict=True)
        for name, value in wanted.items()
        if row.get(name) != value
    ]
