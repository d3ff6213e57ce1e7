"""Residents: who a sender is, what they told us about themselves, and what they agreed to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, text
from sqlalchemy.orm import Session

from bot.community.errors import InvalidValue, NotFound
from bot.community.models.residents import Consent, Identity, Resident
from bot.community.privacy import Erasure, Kept, erase, export
from bot.community.rows import fit, insert_once, storable, update_if

__all__ = ["Erasure", "Kept", "ResidentView", "erase", "export"]

PSYCHOLOGY = "psychology"
"""Purpose of the consent to store what a resident says about their mind."""

REMEMBERED = ("name", "phone", "community_id", "compound_id", "building", "unit", "room")
LONGEST_SENDER_ID = 255


@dataclass(frozen=True)
class ResidentView:
    """A resident as the edges see them; everything but the id may be unknown."""

    id: int
    name: str | None = None
    phone: str | None = None
    community_id: str | None = None
    compound_id: str | None = None
    building: str | None = None
    unit: str | None = None
    room: str | None = None
    preferences: Mapping[str, Any] = field(default_factory=dict)


def resolve(session: Session, sender_id: str, *, now: datetime) -> ResidentView:
    """The resident behind a sender id ("web:…"), made on first sight. Racing calls get the same one."""
    check_sender(sender_id)
    resident = _of_sender(session, sender_id)
    return _view(resident or _create(session, sender_id, now))


def find(session: Session, sender_id: str) -> ResidentView | None:
    """The resident behind a sender id, or None when nobody came through it yet."""
    resident = _of_sender(session, sender_id)
    return _view(resident) if resident else None


def get(session: Session, resident_id: int) -> ResidentView:
    """Raises NotFound."""
    return _view(_get(session, resident_id))


def remember(session: Session, resident_id: int, **details: str | None) -> ResidentView:
    """Keep what a resident told us, by the names in REMEMBERED; None forgets, a name left out stays.

    A new compound without a building forgets the old building, unit and room. Raises NotFound, InvalidValue.
    """
    for name in details:
        if name not in REMEMBERED:
            raise InvalidValue(name, details[name], "unknown_field")
    resident = _get(session, resident_id)
    if "compound_id" in details and details["compound_id"] != resident.compound_id:
        details = {"building": None, "unit": None, "room": None, **details}
    for name, value in fit(Resident, details).items():
        setattr(resident, name, value or None)
    session.flush()
    return _view(resident)


def set_preferences(session: Session, resident_id: int, **preferences: Any) -> ResidentView:
    """Set some preferences (large_text, dialect, quiet_hours …); None removes one."""
    resident = _get(session, resident_id)
    merged = {**resident.preferences, **storable(preferences)}
    resident.preferences = {name: value for name, value in merged.items() if value is not None}
    session.flush()
    return _view(resident)


def grant_consent(session: Session, resident_id: int, purpose: str, *, now: datetime) -> None:
    """Record that the resident agrees; once is enough."""
    values = {"resident_id": resident_id, "purpose": purpose, "granted_at": now}
    standing = text("withdrawn_at IS NULL")
    insert_once(session, Consent, values, unique=["resident_id", "purpose"], where=standing)


def has_consent(session: Session, resident_id: int, purpose: str) -> bool:
    query = select(Consent.id).where(
        Consent.resident_id == resident_id, Consent.purpose == purpose, Consent.withdrawn_at.is_(None)
    )
    return session.execute(query.limit(1)).first() is not None


def withdraw_consent(session: Session, resident_id: int, purpose: str, *, now: datetime) -> bool:
    """Tells whether there was a consent to withdraw."""
    return update_if(
        session,
        Consent,
        Consent.resident_id == resident_id,
        Consent.purpose == purpose,
        Consent.withdrawn_at.is_(None),
        withdrawn_at=now,
    )


def senders(session: Session, resident_id: int) -> list[str]:
    """The ways to reach a resident, the newest first."""
    query = select(Identity.sender_id).where(Identity.resident_id == resident_id)
    return list(session.scalars(query.order_by(Identity.linked_at.desc(), Identity.sender_id)))


def check_sender(sender_id: str) -> None:
    """Raises InvalidValue unless it is "<channel>:<id>" and can be stored whole."""
    channel, _, rest = sender_id.partition(":")
    if not channel or not rest:
        raise InvalidValue("sender_id", sender_id, "no_channel")
    if len(sender_id) > LONGEST_SENDER_ID or storable(sender_id) != sender_id:
        raise InvalidValue("sender_id", sender_id, "not_storable")


def _create(session: Session, sender_id: str, now: datetime) -> Any:
    resident = Resident(created_at=now, preferences={})
    session.add(resident)
    session.flush()
    values = {"sender_id": sender_id, "resident_id": resident.id, "linked_at": now}
    if insert_once(session, Identity, values, unique=["sender_id"]):
        return resident
    session.execute(delete(Resident).where(Resident.id == resident.id))
    session.expunge(resident)
    return _of_sender(session, sender_id)


def _of_sender(session: Session, sender_id: str) -> Any:
    query = select(Resident).join(Identity, Identity.resident_id == Resident.id)
    return session.scalars(query.where(Identity.sender_id == sender_id)).one_or_none()


def _get(session: Session, resident_id: int) -> Any:
    resident = session.get(Resident, resident_id)
    if resident is None:
        raise NotFound("resident", resident_id)
    return resident


def _view(resident: Any) -> ResidentView:
    return ResidentView(
        id=resident.id,
        preferences=dict(resident.preferences or {}),
        **{name: getattr(resident, name) for name in REMEMBERED},
    )
