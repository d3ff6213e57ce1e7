"""Valid drafts that take only what a test cares about."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.community import residents, staff
from bot.community.referral_views import ReferralDraft
from bot.community.ticket_views import TicketDraft

PASSWORD = "correct horse"


def a_resident(session: Session, now: datetime, sender_id: str = "web:r1") -> int:
    return residents.resolve(session, sender_id, now=now).id


def a_draft(category: str = "leak_plumbing", **values: Any) -> TicketDraft:
    return TicketDraft(**{"category": category, "description": "厨房水管漏水", "sender_id": "web:r1", **values})


def a_referral(resident_id: int, **values: Any) -> ReferralDraft:
    usual = {
        "topic": "anxiety_sleep",
        "resident_id": resident_id,
        "sender_id": "web:r1",
        "contact_way": "phone",
        "contact": "13900001234",
        "called": "小林",
        "consent_given": True,
    }
    return ReferralDraft(**{**usual, **values})


def a_staff(session: Session, now: datetime, login: str = "wang", role: str = "operator", **values: Any) -> int:
    """An account whose password nobody knows; hashing one would make every test slow."""
    row = staff.Staff(
        login=login,
        name=login,
        role=role,
        password_hash="none",
        must_change=False,
        communities=[],
        skills=[],
        created_at=now,
        **values,
    )
    session.add(row)
    session.flush()
    return row.id
