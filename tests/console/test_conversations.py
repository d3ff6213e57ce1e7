"""The log: the whole conversation, and no more of it than the role may read."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.community import conversations, handoff, photos
from bot.community.clock import local, utcnow
from bot.community.conversations import NewMessage
from tests.console import seeds

SENDER = "web:r1"
WORRY = "最近总是睡不着，心里很慌"


@pytest.fixture
def mixed(database) -> int:
    """A leak first, then a worry."""
    seeds.talk(database, SENDER, seeds.LEAK, category="leak_plumbing", confidence=0.93, entities={"name": "王女士"})
    return seeds.talk(database, SENDER, WORRY, intent="seek_counselling", category="anxiety_sleep")


async def test_thread_is_shown_as_the_resident_saw_it(logged_in, mixed):
    page = (await (await logged_in("counsellor")).get(f"/conversations/{mixed}")).text
    assert seeds.LEAK in page
    assert "转人工" in page  # the bot's button
    assert "理解为：漏水和管道（93%）" in page
    assert WORRY in page


@pytest.mark.parametrize("role", ["operator", "reviewer"])
async def test_talk_of_the_mind_is_hidden_from_its_first_word_on(logged_in, mixed, role):
    visitor = await logged_in(role)
    for path in (f"/conversations/{mixed}", "/conversations", f"/conversations?text={WORRY[2:7]}"):
        page = (await visitor.get(path)).text
        assert WORRY not in page
        assert "焦虑" not in page
    assert "厨房水管爆了" in (await visitor.get(f"/conversations/{mixed}")).text
    assert (await visitor.get(f"/conversations/{mixed}/new?after=3")).status == 204


async def test_search_does_not_tell_what_is_hidden(logged_in, mixed):
    link = f'href="/conversations/{mixed}"'
    assert link in (await (await logged_in("counsellor")).get("/conversations?text=睡不着")).text
    operator = await logged_in("operator")
    assert link not in (await operator.get("/conversations?text=睡不着")).text
    assert link in (await operator.get("/conversations?text=水管")).text


async def test_operator_reads_what_they_hold(logged_in, mixed, database):
    operator = await logged_in("operator")
    database.call(handoff.take, mixed, operator.staff_id, now=utcnow())
    assert WORRY in (await operator.get(f"/desk/{mixed}")).text
    other = await logged_in("operator", "li")
    assert WORRY not in (await other.get(f"/desk/{mixed}")).text


async def test_crisis_words_of_an_alarm_are_for_those_who_may_read_them(logged_in, database):
    alarm = seeds.alarm(database, SENDER)
    operator, counsellor = await logged_in("operator"), await logged_in("counsellor")
    for path in ("/desk", f"/desk/{alarm.session_id}", "/news"):
        page = (await operator.get(path)).text
        assert seeds.DESPAIR not in page
        assert "危机" not in page
    assert seeds.DESPAIR in (await counsellor.get(f"/desk/{alarm.session_id}")).text


async def test_reviewers_read_masked_text(logged_in, mixed):
    visitor = await logged_in("reviewer")
    for path in (f"/conversations/{mixed}", "/conversations"):
        page = (await visitor.get(path)).text
        for private in ("13900001234", "单元501", "王女士"):
            assert private not in page, path
    assert "厨房水管爆了" in (await visitor.get(f"/conversations/{mixed}")).text


async def test_photos_are_shown_to_those_who_need_them(logged_in, database, settings):
    from io import BytesIO

    from PIL import Image

    buffer = BytesIO()
    Image.new("RGB", (8, 8), "red").save(buffer, "PNG")
    photo = photos.store(settings.media_dir, buffer.getvalue())
    said = [NewMessage("resident", "看照片", [{"kind": "image", "id": photo.id}])]
    session_id = database.call(conversations.append, SENDER, said, now=utcnow())
    operator, reviewer = await logged_in("operator"), await logged_in("reviewer")
    assert f'src="/photos/{photo.id}"' in (await operator.get(f"/conversations/{session_id}")).text
    answer = await operator.get(f"/photos/{photo.id}")
    assert (answer.status, answer.headers["Content-Type"]) == (200, "image/jpeg")
    assert photo.id not in (await reviewer.get(f"/conversations/{session_id}")).text
    assert (await reviewer.get(f"/photos/{photo.id}")).status == 403


async def test_list_is_filtered(logged_in, database):
    web = seeds.talk(database, SENDER, "路灯不亮")
    wechat = seeds.talk(database, "wechat:o1", "电梯停了", ago=timedelta(days=3))
    visitor = await logged_in("operator")

    async def shown(query: str) -> set[int]:
        page = (await visitor.get("/conversations" + query)).text
        return {id for id in (web, wechat) if f'href="/conversations/{id}"' in page}

    today = local(utcnow()).date()
    assert await shown("") == {web, wechat}
    assert await shown("?channel=wechat") == {wechat}
    assert await shown("?text=路灯") == {web}
    assert await shown("?state=waiting") == set()
    assert await shown(f"?since={today}") == {web}
    assert await shown(f"?until={today - timedelta(days=2)}") == {wechat}
    assert await shown("?since=yesterday&before=x_y&careful=") == {web, wechat}
    assert await shown("?sender=wechat:o1") == {wechat}


async def test_pages_of_the_list_hold_every_conversation_once(logged_in, database):
    for number in range(65):
        seeds.talk(database, f"web:{number}", f"第{number}位", ago=timedelta(minutes=number % 7))
    visitor = await logged_in("reviewer")
    seen: list[str] = []
    address = "/conversations"
    while address:
        page = (await visitor.get(address)).text
        seen += [part.split('"')[0] for part in page.split('href="/conversations/')[1:]]
        links = [part.split('"')[0] for part in page.split('href="') if "下一页" in part[:400]]
        address = "/conversations" + links[-1].replace("&amp;", "&") if links else ""
    assert len(seen) == len(set(seen)) == 65


async def test_long_conversation_is_read_in_parts(logged_in, database):
    session_id = seeds.talk(database, SENDER, *(f"第{number}句" for number in range(120)))
    visitor = await logged_in("operator")
    page = (await visitor.get(f"/conversations/{session_id}")).text
    assert "第0句" in page
    assert "第119句" not in page
    after = page.split('href="?after=')[1].split('"')[0]
    assert "第119句" in (await visitor.get(f"/conversations/{session_id}?after={after}")).text
