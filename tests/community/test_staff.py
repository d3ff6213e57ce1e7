from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from bot.community import staff
from bot.community.errors import AlreadyTaken, InvalidValue, NotFound, TooOften
from tests.community.factories import PASSWORD, a_staff


def added(session: Session, now: datetime, **values: object) -> staff.NewUser:
    return staff.add_user(session, "wang", "operator", **{"now": now, "password": PASSWORD, **values})


def tried(
    session: Session, now: datetime, password: str = PASSWORD, login: str = "wang", address: str = "::1"
) -> staff.StaffView | None:
    return staff.verify(session, login, password, address=address, now=now)


def test_one_time_password_logs_in_and_must_be_changed(session: Session, now: datetime) -> None:
    made = added(session, now, password=None)
    assert made.password is not None
    assert tried(session, now, made.password).must_change
    staff.change_password(session, made.staff.id, PASSWORD, now=now)
    assert tried(session, now, made.password) is None
    assert not tried(session, now).must_change


def test_given_password_is_not_returned(session: Session, now: datetime) -> None:
    made = added(session, now, name="王芳", communities=["c1"])
    assert (made.password, made.staff.must_change, made.staff.name) == (None, False, "王芳")
    assert staff.any_user(session)
    assert staff.audit_trail(session, subject=f"staff:{made.staff.id}")[0].action == "staff.add"


def test_refuses_bad_accounts(session: Session, now: datetime) -> None:
    added(session, now)
    with pytest.raises(AlreadyTaken):
        added(session, now)
    for login, role, password in (("", "admin", PASSWORD), ("a b", "admin", PASSWORD), ("x", "boss", PASSWORD)):
        with pytest.raises(InvalidValue):
            staff.add_user(session, login, role, password=password, now=now)
    for password in ("short", "x" * 1000):
        with pytest.raises(InvalidValue):
            staff.add_user(session, "x", "admin", password=password, now=now)


def test_guessing_is_stopped_by_login_and_forgotten_after_a_while(session: Session, now: datetime) -> None:
    added(session, now)
    for _ in range(staff.FAILURES_PER_LOGIN):
        assert tried(session, now, "wrong password") is None
    with pytest.raises(TooOften) as refused:
        tried(session, now)
    assert refused.value.again_at == now + staff.WINDOW
    assert tried(session, now + staff.WINDOW) is not None


def test_guessing_is_stopped_by_address(session: Session, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staff, "FAILURES_PER_ADDRESS", 3)
    added(session, now)
    for number in range(3):
        assert tried(session, now, "wrong password", login=f"nobody{number}") is None
    with pytest.raises(TooOften):
        tried(session, now)
    assert tried(session, now, address="10.0.0.1") is not None


def test_success_forgets_earlier_failures(session: Session, now: datetime) -> None:
    added(session, now)
    for _ in range(3):
        for _ in range(staff.FAILURES_PER_LOGIN - 1):
            tried(session, now, "wrong password")
        assert tried(session, now) is not None


def test_log_in_lasts_until_it_ends(session: Session, now: datetime) -> None:
    id = a_staff(session, now)
    token = staff.create_session(session, id, now=now)
    assert staff.resolve_session(session, token, now=now).id == id
    assert staff.resolve_session(session, token + "x", now=now) is None
    assert staff.resolve_session(session, token, now=now + timedelta(days=1)) is None
    staff.end_session(session, token)
    assert staff.resolve_session(session, token, now=now) is None


def test_disabled_account_is_out_at_once(session: Session, now: datetime) -> None:
    made = added(session, now)
    token = staff.create_session(session, made.staff.id, now=now)
    staff.set_disabled(session, "wang", True, actor="system", now=now)
    assert staff.resolve_session(session, token, now=now) is None
    assert tried(session, now) is None
    assert staff.ids_with_role(session, "operator") == []
    staff.set_disabled(session, "wang", False, actor="system", now=now)
    assert tried(session, now) is not None


def test_reset_gives_a_new_one_time_password(session: Session, now: datetime) -> None:
    added(session, now)
    secret = staff.reset_password(session, "wang", actor="staff:1", now=now)
    assert tried(session, now) is None
    assert tried(session, now, secret).must_change
    with pytest.raises(NotFound):
        staff.reset_password(session, "nobody", actor="staff:1", now=now)


def test_accounts_listed_by_login(session: Session, now: datetime) -> None:
    for login, role in (("b", "operator"), ("a", "admin")):
        a_staff(session, now, login, role)
    assert [view.login for view in staff.list_users(session)] == ["a", "b"]
    assert [view.login for view in staff.list_users(session, role="admin")] == ["a"]
    with pytest.raises(NotFound):
        staff.get(session, 99)
