"""Logging in: with the right password only, not too often, with a session that is this browser's own."""

from __future__ import annotations

import pytest

from bot.community import staff
from bot.community.clock import utcnow
from bot.console.forms import inside
from bot.console.sessions import LOGIN
from tests.community.factories import PASSWORD


@pytest.fixture
def wang(database):
    """An operator who has chosen a password."""
    return database.call(staff.add_user, "wang", "operator", password=PASSWORD, name="王芳", now=utcnow()).staff


async def log_in(visitor, login="wang", password=PASSWORD, **fields):
    return await visitor.post("/login", page="/login", login=login, password=password, **fields)


async def test_right_password_opens_the_first_room(stranger, wang):
    answer = await log_in(stranger)
    assert (answer.status, answer.address) == (200, "/desk")
    assert "王芳" in answer.text


@pytest.mark.parametrize(
    ("login", "password"), [("wang", "wrong"), ("nobody", PASSWORD), ("", ""), ("王" * 99, "\x00")]
)
async def test_wrong_password_stays_outside(stranger, wang, login, password):
    answer = await log_in(stranger, login, password)
    assert answer.status == 401
    assert "登录名或密码不对" in answer.text
    assert stranger.cookie(LOGIN) is None


async def test_too_many_failures_are_answered_kindly(stranger, wang):
    for _ in range(staff.FAILURES_PER_LOGIN):
        await log_in(stranger, password="wrong")
    answer = await log_in(stranger)
    assert answer.status == 429
    assert "歇一会儿" in answer.text


async def test_first_password_must_be_changed(stranger, database):
    made = database.call(staff.add_user, "li", "counsellor", now=utcnow())
    answer = await log_in(stranger, "li", made.password)
    assert answer.address == "/password"
    assert (await stranger.get("/desk")).address == "/password"
    before = stranger.cookie(LOGIN)
    new = {"current": made.password, "new": "a new password", "again": "a new password"}
    answer = await stranger.post("/password", **new)
    assert answer.address.startswith("/desk")
    assert stranger.cookie(LOGIN) != before


@pytest.mark.parametrize(
    ("current", "new", "again", "says"),
    [
        ("wrong", "a new password", "a new password", "当前密码不对"),
        (PASSWORD, "a new password", "another", "不一样"),
        (PASSWORD, PASSWORD, PASSWORD, "不能和当前密码一样"),
        (PASSWORD, "short", "short", "至少 8 位"),
        (PASSWORD, "x" * 300, "x" * 300, "太长"),
    ],
)
async def test_bad_new_password_is_explained(stranger, wang, current, new, again, says):
    await log_in(stranger)
    answer = await stranger.post("/password", current=current, new=new, again=again)
    assert answer.status == 422
    assert says in answer.text


async def test_cookie_is_signed_and_for_http_alone(stranger, wang):
    csrf = await stranger.csrf("/login")
    answer = await stranger.post_bare("/login", csrf=csrf, login="wang", password=PASSWORD)
    cookie = next(value for value in answer.headers.getall("Set-Cookie") if value.startswith(LOGIN))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    value = stranger.cookie(LOGIN)
    stranger.set_cookie(LOGIN, value[:-1] + ("0" if value[-1] != "0" else "1"))
    assert (await stranger.get("/desk")).address.startswith("/login")


async def test_log_in_gives_a_token_of_its_own(stranger, wang):
    await log_in(stranger)
    planted = stranger.cookie(LOGIN)
    await stranger.post("/logout")
    stranger.set_cookie(LOGIN, planted)
    assert (await stranger.get("/desk")).address.startswith("/login")
    await log_in(stranger)
    assert stranger.cookie(LOGIN) != planted


async def test_disabled_account_is_out_at_once(stranger, wang, database):
    await log_in(stranger)
    database.call(staff.set_disabled, "wang", True, actor="system", now=utcnow())
    assert (await stranger.get("/desk")).address.startswith("/login")


async def test_log_in_leads_back_to_the_page_that_was_asked_for(stranger, wang):
    answer = await stranger.get("/tickets")
    assert answer.address == "/login?next=/tickets"
    assert (await log_in(stranger, next="/tickets")).address == "/tickets"


OUTSIDE = [
    "https://evil.example",
    "//evil.example",
    "/\\evil.example",
    "/\t/evil.example",
    "javascript:alert(1)",
    "/a\r\nX: y",
    "",
]


@pytest.mark.parametrize("address", OUTSIDE)
async def test_log_in_leads_nowhere_else(stranger, wang, address):
    assert inside(address) == "/"
    assert (await log_in(stranger, next=address)).address == "/desk"


async def test_log_in_form_needs_its_token(stranger, wang):
    answer = await stranger.post_bare("/login", login="wang", password=PASSWORD)
    assert answer.status == 403


async def test_pages_carry_the_security_headers(stranger):
    for path in ("/login", "/nope", "/static/console.css", "/healthz"):
        headers = (await stranger.get(path)).headers
        policy = headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["X-Content-Type-Options"] == "nosniff"


async def test_errors_are_short_chinese_pages(stranger):
    for path in ("/nope", "/static/none.css", "/static/../app.py", "/static/%2e%2e/app.py", "/login%00"):
        answer = await stranger.get(path)
        assert answer.status in (400, 404), path
        assert "Traceback" not in answer.text
        assert "没有这一页" in answer.text or "请求有误" in answer.text
