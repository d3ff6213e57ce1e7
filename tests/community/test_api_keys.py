from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from bot.community import api_keys
from bot.community.errors import AlreadyTaken, InvalidValue, NotFound


def test_key_opens_its_scope_only(session: Session, now: datetime) -> None:
    key = api_keys.create(session, "12345", ["open311"], now=now)
    assert api_keys.check(session, key, "open311").name == "12345"
    assert api_keys.check(session, key, "triage") is None
    for wrong in ("", "sq", "sq__", key[:-1], key + "0", key.replace("sq_", "xx_"), "sq_\x00_1", "sq_é_ü"):
        assert api_keys.check(session, wrong, "open311") is None


def test_revoked_key_opens_nothing(session: Session, now: datetime) -> None:
    key = api_keys.create(session, "12345", ["open311"], now=now)
    for _ in range(2):
        api_keys.revoke(session, "12345", actor="system", now=now)
    assert api_keys.check(session, key, "open311") is None
    assert api_keys.list_keys(session)[0].revoked_at == now
    with pytest.raises(NotFound):
        api_keys.revoke(session, "other", actor="system", now=now)


def test_refuses_bad_keys(session: Session, now: datetime) -> None:
    api_keys.create(session, "12345", ["open311"], now=now)
    with pytest.raises(AlreadyTaken):
        api_keys.create(session, "12345", ["open311"], now=now)
    for name, scopes in (("", ["open311"]), ("x" * 65, ["open311"]), ("x", []), ("x", ["everything"])):
        with pytest.raises(InvalidValue):
            api_keys.create(session, name, scopes, now=now)
