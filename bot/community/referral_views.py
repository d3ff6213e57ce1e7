"""What goes into a referral and what comes out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

READING_ROLES = ("counsellor", "admin")
CONTACT_WAYS = ("phone", "wechat", "chat", "visit", "office")


@dataclass(frozen=True)
class ReferralDraft:
    """A request to talk to somebody. topic is a psychological category; called is how they want to be called.

    consent_given: they were asked just now whether this may be stored, and agreed.
    """

    topic: str
    resident_id: int
    sender_id: str
    contact_way: str
    consent_given: bool
    contact: str | None = None
    called: str | None = None
    preferred_time_text: str | None = None
    preferred_from: datetime | None = None
    counsellor_id: str | None = None
    anonymous: bool = False
    note: str | None = None


@dataclass(frozen=True)
class Reader:
    """The member of staff who looks; every look is kept."""

    staff_id: int
    role: str


@dataclass(frozen=True)
class ReferralView:
    """A referral. counsellor is a name, once one is matched or was asked for."""

    id: int
    number: str
    status: str
    topic: str
    resident_id: int | None
    anonymous: bool
    called: str | None
    contact_way: str
    contact: str | None
    preferred_time_text: str | None
    preferred_from: datetime | None
    counsellor_id: str | None
    counsellor: str | None
    note: str | None
    requested_at: datetime
    updated_at: datetime
    starts_at: datetime | None
    ends_at: datetime | None


@dataclass(frozen=True)
class ReferralEventView:
    """A line of a referral's history."""

    at: datetime
    from_status: str | None
    to_status: str
    actor: str
    why: str


def referral_view(row: Any, counsellor: str | None) -> ReferralView:
    names = set(ReferralView.__dataclass_fields__) - {"counsellor"}
    return ReferralView(counsellor=counsellor, **{name: getattr(row, name) for name in names})
