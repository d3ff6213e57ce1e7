"""A counsellor's time in half hours; the database refuses to give one of them twice."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.community.errors import AlreadyTaken, InvalidValue
from bot.community.models.referrals import BookedSlot
from bot.community.rows import insert_once

SLOT = timedelta(minutes=30)
LONGEST_MINUTES = 240


def reserve(session: Session, counsellor_id: str, starts_at: datetime, minutes: int, referral_id: int) -> datetime:
    """Take the half hours from starts_at on and return the end; all or none with the caller's transaction.

    Raises AlreadyTaken (subject: the slot's start), InvalidValue.
    """
    if starts_at.minute % 30 or starts_at.second or starts_at.microsecond:
        raise InvalidValue("starts_at", starts_at, "not_on_the_half_hour")
    if not 0 < minutes <= LONGEST_MINUTES or minutes % 30:
        raise InvalidValue("minutes", minutes, "not_in_half_hours")
    for number in range(minutes // 30):
        slot = starts_at + number * SLOT
        values = {"counsellor_id": counsellor_id, "starts_at": slot, "referral_id": referral_id}
        if not insert_once(session, BookedSlot, values, unique=["counsellor_id", "starts_at"]):
            raise AlreadyTaken(slot, counsellor_id)
    return starts_at + timedelta(minutes=minutes)


def release(session: Session, referral_id: int) -> None:
    """Give back what a referral has taken."""
    session.execute(delete(BookedSlot).where(BookedSlot.referral_id == referral_id))


def taken(session: Session, counsellor_id: str, *, since: datetime, until: datetime) -> list[datetime]:
    """Starts of the half hours that are taken, in order."""
    query = select(BookedSlot.starts_at).where(
        BookedSlot.counsellor_id == counsellor_id, BookedSlot.starts_at >= since, BookedSlot.starts_at < until
    )
    return list(session.scalars(query.order_by(BookedSlot.starts_at)))
