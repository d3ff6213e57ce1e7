"""Referrals, catalogue, people and news."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from bot.community import referrals, staff
from bot.community.clock import local, utcnow
from bot.community.errors import NotFound
from tests.console import seeds


@pytest.fixture
def number(database) -> str:
    return seeds.referral(database, "web:r1", note="想找女老师")


async def test_every_look_at_a_referral_is_kept(logged_in, database, number):
    counsellor = await logged_in("counsellor", name="陈静")
    await counsellor.get("/referrals")
    page = (await counsellor.get(f"/referrals/{number}")).text
    assert "想找女老师" in page
    reads = database.call_reading(referrals.reads, number)
    assert [(staff_id, role) for staff_id, role, _ in reads] == [(counsellor.staff_id, "counsellor")] * 2


async def test_refused_roles_leave_no_trace_and_see_nothing(logged_in, database, number):
    for role in ("operator", "reviewer", "grid_worker"):
        visitor = await logged_in(role)
        for path in ("/referrals", f"/referrals/{number}"):
            answer = await visitor.get(path)
            assert answer.status == 403
            assert number not in answer.text
        assert number not in (await visitor.get("/news")).text
    assert database.call_reading(referrals.reads, number) == []


async def test_referral_from_request_to_its_end(logged_in, number):
    counsellor = await logged_in("counsellor")
    page = (await counsellor.get(f"/referrals/{number}")).text
    person = re.search(r'<option value="([^"]+)">', page.split('name="counsellor_id"')[1])[1]
    answer = await counsellor.post(f"/referrals/{number}/counsellor", counsellor_id=person)
    assert "转介已更新" in answer.text
    starts = local(utcnow() + timedelta(days=1)).strftime("%Y-%m-%dT14:30")
    assert (await counsellor.post(f"/referrals/{number}/booking", starts_at="明天", minutes="60")).status == 422
    uneven = await counsellor.post(f"/referrals/{number}/booking", starts_at=starts[:-2] + "10", minutes="60")
    assert "整点或半点" in uneven.text
    booked = await counsellor.post(f"/referrals/{number}/booking", starts_at=starts, minutes="60")
    assert starts.replace("T", " ") in booked.text
    for to in ("attended", "closed"):
        answer = await counsellor.post(f"/referrals/{number}/status", to=to, why="顺利")
        assert answer.status == 200
    assert "已结束" in answer.text


async def test_time_of_a_counsellor_is_given_once(logged_in, database, number):
    other = seeds.referral(database, "web:r2")
    counsellor = await logged_in("counsellor")
    page = (await counsellor.get(f"/referrals/{number}")).text
    person = re.search(r'<option value="([^"]+)">', page.split('name="counsellor_id"')[1])[1]
    starts = local(utcnow() + timedelta(days=1)).strftime("%Y-%m-%dT14:30")
    for each in (number, other):
        await counsellor.post(f"/referrals/{each}/counsellor", counsellor_id=person)
        answer = await counsellor.post(f"/referrals/{each}/booking", starts_at=starts, minutes="30")
    assert answer.status == 409
    assert "已有预约" in answer.text


async def test_catalogue_is_searched_as_residents_ask(logged_in):
    visitor = await logged_in("grid_worker")
    everything = (await visitor.get("/catalogue/services")).text
    name = re.search(r'href="(/catalogue/services/[^"]+)"[^>]*>\s*<span class="row-line"><strong>([^<]+)', everything)
    found = (await visitor.get(f"/catalogue/services?q={name[2]}")).text
    assert found.index(name[2]) > 0
    assert name[2] in (await visitor.get(name[1])).text
    assert "没有找到" in (await visitor.get("/catalogue/services?q=qqqqqq&category=bad")).text
    guides = (await visitor.get("/catalogue/guides")).text
    guide = re.search(r'href="(/catalogue/guides/[^"]+)"[^>]*>\s*<strong>([^<]+)', guides)
    assert guide[2] in (await visitor.get(f"/catalogue/guides?q={guide[2]}")).text
    assert "怎么办" in (await visitor.get(guide[1])).text


async def test_new_account_gets_a_one_time_password(logged_in, database):
    admin = await logged_in("admin")
    answer = await admin.post("/users", login="liqiang", name="李强", role="operator")
    secret = re.search(r'class="secret">([^<]+)', answer.text)[1]
    found = database.call(staff.verify, "liqiang", secret, address="", now=utcnow())
    assert (found.name, found.role, found.must_change) == ("李强", "operator", True)
    assert secret not in (await admin.get("/users")).text


@pytest.mark.parametrize(
    ("login", "role", "says"),
    [("admin", "operator", "已经有人用了"), ("two words", "operator", "不能有空格"), ("new", "boss", "没有这个角色")],
)
async def test_bad_account_is_explained(logged_in, login, role, says):
    admin = await logged_in("admin")
    assert says in (await admin.post("/users", login=login, role=role)).text


async def test_reset_and_disabling_end_the_log_ins(logged_in, database):
    admin, operator = await logged_in("admin"), await logged_in("operator", "wang")
    answer = await admin.post("/users/wang/reset")
    assert "一次性密码" in answer.text
    assert (await operator.get("/desk")).address.startswith("/login")
    await admin.post("/users/wang/disabled", disabled="1")
    assert "已停用" in (await admin.get("/users")).text
    await admin.post("/users/wang/disabled", disabled="")
    assert "已停用" not in (await admin.get("/users")).text
    assert (await admin.post("/users/admin/disabled", disabled="1")).status == 409
    assert (await admin.post("/users/nobody/reset")).status == 404
    with pytest.raises(NotFound):
        database.call(staff.reset_password, "nobody", actor="system", now=utcnow())


async def test_badge_counts_what_is_new_and_what_waits(logged_in, database):
    operator = await logged_in("operator")
    assert "data-news" not in (await operator.get("/news/badge")).text
    seeds.wait(database, "web:r1")
    badge = (await operator.get("/news/badge")).text
    assert 'data-news="1"' in badge
    assert 'data-waiting="1"' in badge
    await operator.post("/news/seen")
    assert "data-news" not in (await operator.get("/news/badge")).text
    colleague = await logged_in("operator", "li")
    assert 'data-news="1"' in (await colleague.get("/news/badge")).text


async def test_danger_stands_first_in_the_news(logged_in, database):
    operator = await logged_in("operator")
    seeds.alarm(database, "web:c1")
    seeds.ticket(database, "web:r1")
    page = (await operator.get("/news")).text
    assert page.index("紧急：有居民需要马上接听") < page.index("新工单")
