"""Tickets: found, moved along the allowed moves with a reason, given to a handler."""

from __future__ import annotations

import pytest

from bot.community import tickets
from bot.community.ticket_states import MOVES, STATUSES
from tests.console import seeds

SENDER = "web:r1"


@pytest.fixture
def number(database) -> str:
    return seeds.ticket(database, SENDER, phone="13900001234", room="501")


def read(database, number):
    return database.call_reading(tickets.get, number)


async def test_detail_shows_all_that_the_handler_needs(logged_in, number):
    page = (await (await logged_in("grid_worker")).get(f"/tickets/{number}")).text
    for text in (number, "漏水和管道", "厨房水管漏水", "13900001234", "501 室", "提交工单", "待受理"):
        assert text in page


async def test_list_is_filtered(logged_in, database, number):
    noise = seeds.ticket(database, "web:r2", category="noise", urgency="urgent")
    operator = await logged_in("operator")

    async def shown(query: str) -> set[str]:
        page = (await operator.get("/tickets?" + query)).text
        return {each for each in (number, noise) if f'href="/tickets/{each}"' in page}

    assert await shown("") == {number, noise}
    assert await shown("category=noise") == {noise}
    assert await shown("urgency=routine&open=1") == {number}
    assert await shown("status=closed") == await shown("mine=1") == await shown("since=2999-01-01") == set()
    assert await shown("kind=WY&status=new&since=bad") == {number, noise}


async def test_moves_follow_the_table(logged_in, database, number):
    operator = await logged_in("operator", name="王芳")
    for to in ("accepted", "dispatched", "in_progress", "resolved", "closed", "reopened"):
        status = read(database, number).status
        page = (await operator.get(f"/tickets/{number}")).text
        offered = {each for each in STATUSES if f'name="to" value="{each}"' in page}
        assert offered == MOVES[status]
        answer = await operator.post(f"/tickets/{number}/status", to=to, why=f"理由{to}")
        assert "工单状态已更新" in answer.text
        assert f"理由{to}" in answer.text
        assert "王芳" in answer.text
    assert read(database, number).status == "reopened"


async def test_other_moves_are_refused_kindly(logged_in, database, number):
    operator = await logged_in("operator")
    for to in ("closed", "new", "<script>", ""):
        answer = await operator.post(f"/tickets/{number}/status", to=to, why="试试")
        assert answer.status == 409
        assert "状态刚刚变了" in answer.text
    assert read(database, number).status == "new"


async def test_cancelling_needs_a_reason(logged_in, database, number):
    operator = await logged_in("operator")
    answer = await operator.post(f"/tickets/{number}/status", to="cancelled", why="  ")
    assert answer.status == 422
    assert "请写明原因" in answer.text
    assert read(database, number).status == "new"


async def test_colleague_is_assigned_and_told(logged_in, database, number):
    operator, worker = await logged_in("operator"), await logged_in("grid_worker", "li", name="李强")
    await operator.post(f"/tickets/{number}/assignee", staff_id=str(worker.staff_id))
    assert (read(database, number).assignee, read(database, number).staff_id) == ("李强", worker.staff_id)
    assert f"工单指派给您：{number}" in (await worker.get("/news")).text
    assert number in (await worker.get("/tickets?mine=1")).text


async def test_other_handlers_are_named_in_words(logged_in, database, number):
    operator = await logged_in("operator")
    await operator.post(f"/tickets/{number}/assignee", assignee="阳光物业", phone="0790-5550123")
    found = read(database, number)
    assert (found.assignee, found.assignee_phone, found.staff_id) == ("阳光物业", "0790-5550123", None)


async def test_only_handlers_are_assigned(logged_in, database, number):
    operator, reviewer = await logged_in("operator"), await logged_in("reviewer")
    for staff_id in (str(reviewer.staff_id), ""):
        answer = await operator.post(f"/tickets/{number}/assignee", staff_id=staff_id)
        assert answer.status in (409, 422)
    assert read(database, number).staff_id is None


async def test_ticket_is_sent_back_with_a_reason(logged_in, database, number):
    operator, worker = await logged_in("operator"), await logged_in("grid_worker", "li")
    for to in ("accepted", "dispatched"):
        await operator.post(f"/tickets/{number}/status", to=to)
    await operator.post(f"/tickets/{number}/assignee", staff_id=str(worker.staff_id))
    assert (await worker.post(f"/tickets/{number}/send_back", why="")).status == 422
    await worker.post(f"/tickets/{number}/send_back", why="属于供水公司")
    assert read(database, number).staff_id is None
    assert "属于供水公司" in (await operator.get(f"/tickets/{number}")).text
