"""How many messages a platform still lets us send to a resident: so many per window that the resident opened.

The windows follow from what was received (the ledger) and what was sent since; nothing is written while a resident
talks and the answers go out with their own requests.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.community.models.channels import ChannelSend
from bot.community.models.conversations import InboundMessage


@dataclass(frozen=True)
class Window:
    """What a kind of contact allows: `messages` within `lasts`. marker: how the ledger's keys of that kind begin."""

    marker: str
    messages: int
    lasts: timedelta


def remaining(session: Session, sender_id: str, windows: list[Window], *, now: datetime) -> int:
    """Messages that may still be sent to the resident, by the most generous window that is open."""
    left = 0
    for window in windows:
        opened = session.scalar(
            select(func.max(InboundMessage.received_at)).where(
                InboundMessage.sender_id == sender_id,
                InboundMessage.message_key.startswith(window.marker, autoescape=True),
            )
        )
        if opened is not None and now - opened < window.lasts:
            left = max(left, window.messages - _sent_since(session, sender_id, opened))
    return left


def record(session: Session, sender_id: str, *, now: datetime) -> None:
    """The platform took a message for this resident."""
    session.add(ChannelSend(sender_id=sender_id, at=now))


def _sent_since(session: Session, sender_id: str, moment: datetime) -> int:
    query = select(func.count()).where(ChannelSend.sender_id == sender_id, ChannelSend.at >= moment)
    return int(session.execute(query).scalar_one())
