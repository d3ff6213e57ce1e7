"""The desk: alarms, the queue, taking over, replying once, giving back."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta

import pytest

from bot.community import conversations, crisis, handoff, residents
from bot.community.clock import utcnow
from tests.console import seeds

SENDER = "web:r1"


def key_of(page: str) -> str:
    return re.search(r'name="key" value="(\w+)"', page)[1]


@pytest.fixture
async def operator(logged_in):
    return await logged_in("operator", "wang", name="王芳")


@pytest.fixture
def waiting(database) -> int:
    """A conversation that waits for a human."""
    seeds.talk(database, SENDER, "我要找人工")
    return seeds.wait(database, SENDER)


def said_by_operators(database) -> list[str]:
    messages = database.call_reading(conversations.history, SENDER)
    return [message.text for message in messages if message.author == "operator"]


async def test_crisis_stands_before_the_longest_waiting(operator, database):
    seeds.wait(database, "web:old", ago=timedelta(hours=1))
    alarm = seeds.alarm(database, "web:c1")
    page = (await operator.get("/desk")).text
    assert page.index(alarm.number) < page.index("居民要求人工")
    assert page.index("紧急，请马上接听") < page.index("居民要求人工")


async def test_board_is_sent_again_only_when_it_has_changed(operator, database):
    def mark(page: str) -> str:
        return re.search(r"/desk/queue\?seen=(\w+)", page)[1]

    before = mark((await operator.get("/desk")).text)
    assert (await operator.get(f"/desk/queue?seen={before}")).status == 204
    seeds.wait(database, SENDER)
    answer = await operator.get(f"/desk/queue?seen={before}")
    assert "居民要求人工" in answer.text
    assert mark(answer.text) != before


async def test_danger_in_another_community_can_be_answered(logged_in, database):
    alarm = seeds.alarm(database, SENDER)
    database.call(conversations.append, SENDER, [], now=utcnow(), community_id="c9")
    elsewhere = await logged_in("operator", communities=["c1"])
    assert alarm.number in (await elsewhere.get("/desk")).text
    assert (await elsewhere.post(f"/desk/{alarm.session_id}/take")).status == 200


async def test_take_over_silences_the_bot(operator, rasa, waiting, database):
    answer = await operator.post(f"/desk/{waiting}/take")
    assert answer.address == f"/desk/{waiting}?done=taken"
    assert len(rasa.of(SENDER, "pause")) == 1
    state = database.call_reading(handoff.state_of, SENDER, now=utcnow())
    assert (state.state, state.operator_name) == ("human", "王芳")


async def test_second_operator_is_told_who_was_first(operator, logged_in, waiting, rasa):
    other = await logged_in("operator", "li", name="李强")
    answers = await asyncio.gather(operator.post(f"/desk/{waiting}/take"), other.post(f"/desk/{waiting}/take"))
    assert sorted(answer.status for answer in answers) == [200, 409]
    loser = next(answer for answer in answers if answer.status == 409)
    assert "已经先接了" in loser.text
    assert len(rasa.of(SENDER, "pause")) == 1


async def test_taking_over_answers_for_the_alarm(operator, database):
    alarm = seeds.alarm(database, SENDER)
    await operator.post(f"/desk/{alarm.session_id}/take")
    assert database.call_reading(crisis.open_alarm, SENDER).acknowledged_by == operator.staff_id


async def test_reply_reaches_the_resident_once(operator, waiting, rasa, database):
    page = await operator.post(f"/desk/{waiting}/take")
    form = {"text": "您好，我是王芳", "key": key_of(page.text)}
    answers = await asyncio.gather(*(operator.post(f"/desk/{waiting}/reply", **form) for _ in range(3)))
    assert {answer.status for answer in answers} == {200}
    assert said_by_operators(database) == ["您好，我是王芳"]
    words = rasa.of(SENDER, "bot")
    assert [event["metadata"]["operator"] for event in words] == ["王芳"]
    assert "您好，我是王芳" in (await operator.get(f"/desk/{waiting}")).text


async def test_reply_is_kept_while_rasa_is_down(operator, waiting, rasa, database):
    page = await operator.post(f"/desk/{waiting}/take")
    rasa.down = True
    answer = await operator.post(f"/desk/{waiting}/reply", text="马上给您查", key=key_of(page.text))
    assert "文字已为您保留" in answer.text
    assert ">马上给您查</textarea>" in answer.text
    assert key_of(answer.text) == key_of(page.text)
    rasa.down = False
    await operator.post(f"/desk/{waiting}/reply", text="马上给您查", key=key_of(answer.text))
    assert said_by_operators(database) == ["马上给您查"]


async def test_lost_answer_and_new_try_say_it_once(operator, waiting, rasa, database):
    page = await operator.post(f"/desk/{waiting}/take")
    rasa.lose_next_answer = True
    answer = await operator.post(f"/desk/{waiting}/reply", text="收到", key=key_of(page.text))
    assert "没有送到" in answer.text
    await operator.post(f"/desk/{waiting}/reply", text="收到", key=key_of(answer.text))
    assert said_by_operators(database) == ["收到"]


async def test_next_reply_has_a_key_of_its_own(operator, waiting, database):
    page = await operator.post(f"/desk/{waiting}/take")
    for text in ("一", "一"):
        page = await operator.post(f"/desk/{waiting}/reply", text=text, key=key_of(page.text))
    assert said_by_operators(database) == ["一", "一"]


async def test_first_reply_silences_the_bot_that_was_out_of_reach(operator, waiting, rasa):
    rasa.down = True
    page = await operator.post(f"/desk/{waiting}/take")
    assert page.status == 503
    assert "已登记由您接管" in page.text
    rasa.down = False
    await operator.post(f"/desk/{waiting}/reply", text="您好", key=key_of(page.text))
    assert [event["event"] for _, event in rasa.events] == ["pause", "bot"]


async def test_only_the_holder_may_reply(operator, logged_in, waiting, rasa):
    await operator.post(f"/desk/{waiting}/take")
    other = await logged_in("admin")
    answer = await other.post(f"/desk/{waiting}/reply", text="插一句", key="k")
    assert answer.status == 409
    assert "不在您手上" in answer.text
    assert rasa.of(SENDER, "bot") == []


async def test_give_back_wakes_the_bot(operator, waiting, rasa, database):
    await operator.post(f"/desk/{waiting}/take")
    answer = await operator.post(f"/desk/{waiting}/give_back")
    assert "已交还机器人" in answer.text
    assert len(rasa.of(SENDER, "resume")) == 1
    assert database.call_reading(handoff.state_of, SENDER, now=utcnow()).state == "bot"


async def test_nobody_is_left_with_neither_bot_nor_human(operator, waiting, rasa, database):
    await operator.post(f"/desk/{waiting}/take")
    rasa.down = True
    answer = await operator.post(f"/desk/{waiting}/give_back")
    assert answer.status == 503
    assert "暂时连不上" in answer.text
    assert database.call_reading(handoff.state_of, SENDER, now=utcnow()).state == "human"


async def test_transfer_tells_the_colleague(operator, logged_in, waiting, database):
    other = await logged_in("operator", "li", name="李强")
    await operator.post(f"/desk/{waiting}/take")
    await operator.post(f"/desk/{waiting}/transfer", to=str(other.staff_id))
    assert database.call_reading(handoff.state_of, SENDER, now=utcnow()).operator_name == "李强"
    assert "同事把一个会话转交给您" in (await other.get("/news")).text


async def test_transfer_to_nobody_is_refused(operator, logged_in, waiting):
    reviewer = await logged_in("reviewer")
    await operator.post(f"/desk/{waiting}/take")
    for to in (str(reviewer.staff_id), ""):
        answer = await operator.post(f"/desk/{waiting}/transfer", to=to)
        assert answer.status == 409
        assert "可以接待的同事" in answer.text


async def test_alarm_is_acknowledged_by_one_name(operator, logged_in, database):
    alarm = seeds.alarm(database, SENDER)
    other = await logged_in("counsellor", "chen", name="陈静")
    assert (await other.post(f"/desk/alarms/{alarm.id}/acknowledge")).status == 200
    answer = await operator.post(f"/desk/alarms/{alarm.id}/acknowledge")
    assert answer.status == 409
    assert "陈静已经负责这条警报" in answer.text


async def test_closing_an_alarm_ends_the_careful_mode(operator, rasa, database):
    alarm = seeds.alarm(database, SENDER)
    await operator.post(f"/desk/{alarm.session_id}/take")
    answer = await operator.post(f"/desk/alarms/{alarm.id}/close", outcome="with_family")
    assert "警报已结束" in answer.text
    assert rasa.of(SENDER, "slot") == [{"event": "slot", "name": "careful_mode", "value": False}]
    assert database.call_reading(crisis.open_alarm, SENDER) is None
    assert not database.call_reading(handoff.state_of, SENDER, now=utcnow()).careful


async def test_alarm_is_not_closed_without_outcome_answerer_or_rasa(operator, logged_in, rasa, database):
    alarm = seeds.alarm(database, SENDER)
    address = f"/desk/alarms/{alarm.id}/close"
    assert (await operator.post(address, outcome="safe_now")).status == 409  # nobody has answered for it
    await operator.post(f"/desk/alarms/{alarm.id}/acknowledge")
    assert (await operator.post(address, outcome="<b>")).status == 422
    other = await logged_in("operator", "li")
    assert "由同事负责" in (await other.post(address, outcome="safe_now")).text
    rasa.down = True
    assert (await operator.post(address, outcome="safe_now")).status == 503
    assert database.call_reading(crisis.open_alarm, SENDER) is not None


async def test_open_thread_gets_what_is_new(operator, waiting, database):
    await operator.post(f"/desk/{waiting}/take")
    last = database.call_reading(conversations.history, SENDER)[-1].id
    path = f"/conversations/{waiting}/new?after={last}"
    assert (await operator.get(path)).status == 204
    seeds.talk(database, SENDER, "我还在呢")
    answer = await operator.get(path)
    assert "我还在呢" in answer.text
    assert "我要找人工" not in answer.text


async def test_ended_conversation_cannot_be_taken(operator, database):
    session_id = seeds.talk(database, SENDER, "谢谢")
    database.call(conversations.end, SENDER, now=utcnow())
    answer = await operator.post(f"/desk/{session_id}/take")
    assert answer.status == 409
    assert "已经结束" in answer.text


async def test_holder_sees_who_the_resident_is(operator, logged_in, waiting, database):
    resident = database.call(residents.resolve, SENDER, now=utcnow())
    database.call(residents.remember, resident.id, name="王女士", phone="13900001234", room="501")
    number = seeds.ticket(database, SENDER)
    await operator.post(f"/desk/{waiting}/take")
    page = (await operator.get(f"/desk/{waiting}")).text
    for text in ("王女士", "13900001234", "501 室", number):
        assert text in page
    other = await logged_in("operator", "li")
    assert "13900001234" not in (await other.get(f"/desk/{waiting}")).text


async def test_follow_ups_stand_on_the_desk_until_they_are_done(operator, logged_in, database):
    alarm = seeds.alarm(database, SENDER)
    await operator.post(f"/desk/{alarm.session_id}/take")
    await operator.post(f"/desk/alarms/{alarm.id}/close", outcome="safe_now")
    page = (await operator.get("/desk")).text
    tasks = re.findall(r"/desk/follow_ups/(\d+)/done", page)
    assert len(tasks) == 2
    assert f'href="/desk/{alarm.session_id}"' in page
    other = await logged_in("operator", "li")
    assert alarm.number not in (await other.get("/desk")).text
    assert (await other.post(f"/desk/follow_ups/{tasks[0]}/done")).status == 404
    assert "已登记回访" in (await operator.post(f"/desk/follow_ups/{tasks[0]}/done")).text
    assert re.findall(r"/desk/follow_ups/(\d+)/done", (await operator.get("/desk")).text) == tasks[1:]
