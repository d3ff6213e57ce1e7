"""Access tokens of the messengers' platforms, shared by all processes: one holder, one fetch at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_
from sqlalchemy.orm import Session

from bot.community.models.channels import ChannelToken
from bot.community.rows import insert_once, update_if

LEASE = timedelta(seconds=15)


@dataclass(frozen=True)
class TokenView:
    """A token that has not expired; its value is a secret and stays out of every log."""

    value: str
    expires_at: datetime

    def __repr__(self) -> str:
        return f"TokenView(expires_at={self.expires_at!r})"


def current(session: Session, name: str, *, now: datetime) -> TokenView | None:
    """The token of that name while it is good."""
    row = session.get(ChannelToken, name)
    if row is None or not row.value or row.expires_at is None or row.expires_at <= now:
        return None
    return TokenView(row.value, row.expires_at)


def lease(session: Session, name: str, *, now: datetime) -> bool:
    """Whether the caller may fetch a new token; others wait until it is stored or LEASE has passed."""
    insert_once(session, ChannelToken, {"name": name, "value": ""}, unique=["name"])
    free = or_(ChannelToken.lease_until.is_(None), ChannelToken.lease_until <= now)
    return update_if(session, ChannelToken, ChannelToken.name == name, free, lease_until=now + LEASE)


def store(session: Session, name: str, value: str, *, expires_at: datetime) -> None:
    """Keep a token that was just fetched and end the lease."""
    update_if(session, ChannelToken, ChannelToken.name == name, value=value, expires_at=expires_at, lease_until=None)


def release(session: Session, name: str) -> None:
    """End the lease without a token: the fetch failed."""
    update_if(session, ChannelToken, ChannelToken.name == name, lease_until=None)


def spoil(session: Session, name: str, value: str, *, now: datetime) -> bool:
    """Forget a token that the platform refused, unless somebody has replaced it already (False)."""
    return update_if(
        session,
        ChannelToken,
        ChannelToken.name == name,
        ChannelToken.value == value,
        ChannelToken.expires_at > now,
        expires_at=now,
    )
