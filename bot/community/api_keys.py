"""Keys for programs: shown once, stored as a hash, limited to scopes."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.community.audit import audit
from bot.community.errors import AlreadyTaken, InvalidValue, NotFound
from bot.community.models.staff import ApiKey
from bot.community.rows import insert_once, storable

SCOPES = ("open311", "triage")
PREFIX = "sq"


@dataclass(frozen=True)
class ApiKeyView:
    """A key without its secret; name is the partner's, unique."""

    id: int
    name: str
    public_id: str
    scopes: Sequence[str]
    created_at: datetime
    revoked_at: datetime | None


def create(session: Session, name: str, scopes: Sequence[str], *, now: datetime) -> str:
    """Make a key and return it, the only time it can be read. Raises AlreadyTaken, InvalidValue."""
    name = storable(name).strip()
    if not name or len(name) > 64:
        raise InvalidValue("name", name, "not_a_name")
    if not scopes:
        raise InvalidValue("scope", "", "empty")
    for scope in scopes:
        if scope not in SCOPES:
            raise InvalidValue("scope", scope, "unknown_scope")
    public_id, secret = secrets.token_hex(6), secrets.token_hex(20)
    values = {
        "public_id": public_id,
        "name": name,
        "secret_hash": _hash(secret),
        "scopes": sorted(set(scopes)),
        "created_at": now,
    }
    if not insert_once(session, ApiKey, values, unique=["name"]):
        raise AlreadyTaken(name)
    audit(session, "system", "api_key.create", f"api_key:{public_id}", {"scopes": list(scopes)}, now=now)
    return f"{PREFIX}_{public_id}_{secret}"


def check(session: Session, key: str, scope: str) -> ApiKeyView | None:
    """Whose key it is, or None when it is wrong, revoked or not for this scope."""
    prefix, _, rest = key.partition("_")
    public_id, _, secret = rest.partition("_")
    if prefix != PREFIX or not secret or storable(public_id) != public_id:
        return None
    row = session.scalars(select(ApiKey).where(ApiKey.public_id == public_id)).one_or_none()
    if row is None or not hmac.compare_digest(row.secret_hash, _hash(secret)):
        return None
    return _view(row) if row.revoked_at is None and scope in row.scopes else None


def list_keys(session: Session, *, limit: int = 500) -> list[ApiKeyView]:
    """All keys by name, revoked ones included."""
    return [_view(row) for row in session.scalars(select(ApiKey).order_by(ApiKey.name).limit(limit))]


def revoke(session: Session, name: str, *, actor: str, now: datetime) -> ApiKeyView:
    """End a key; again changes nothing. Raises NotFound."""
    row = session.scalars(select(ApiKey).where(ApiKey.name == name)).one_or_none()
    if row is None:
        raise NotFound("api_key", name)
    if row.revoked_at is None:
        row.revoked_at = now
        audit(session, actor, "api_key.revoke", f"api_key:{row.public_id}", {}, now=now)
    return _view(row)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "ignore")).hexdigest()


def _view(row: Any) -> ApiKeyView:
    return ApiKeyView(**{name: getattr(row, name) for name in ApiKeyView.__dataclass_fields__})
