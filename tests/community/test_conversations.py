from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from bot.community import conversations, received
from bot.community.conversations import NewMessage, SessionFilters
from bot.community.errors import InvalidValue, NotFound

HOUR = timedelta(hours=1)


def say(session: Session, text: str, now: datetime, sender_id: str = "web:r1", **values: object) -> int:
    return conversations.append(session, sender_id, [NewMessage("resident", text, **values)], now=now)


def texts(session: Session, **page: object) -> list[str]:
    return [message.text for message in conversations.history(session, "web:r1", **page)]


def test_session_ends_after_a_quiet_time(session: Session, now: datetime) -> None:
    first = say(session, "早", now)
    assert say(session, "在吗", now + HOUR) == first
    second = say(session, "晚上好", now + 4 * HOUR)
    assert second != first
    assert conversations.get_session(session, first).ended_at == now + HOUR
    assert [message.text for message in conversations.messages_of(session, first)] == ["早", "在吗"]
    assert texts(session) == ["早", "在吗", "晚上好"]


def test_outcome_ends_a_session(session: Session, now: datetime) -> None:
    first = say(session, "谢谢", now)
    assert conversations.end(session, "web:r1", now=now)
    assert say(session, "还有", now) != first


def test_known_key_is_logged_once(session: Session, now: datetime) -> None:
    for _ in range(2):
        say(session, "漏水", now, message_key="m1")
    conversations.append(session, "web:r1", [NewMessage("bot", "在哪里？", message_key="m1")], now=now)
    assert texts(session) == ["漏水", "在哪里？"]


def test_history_by_pages(session: Session, now: datetime) -> None:
    for text in "一二三四五":
        say(session, text, now)
    last = conversations.history(session, "web:r1", limit=2)
    assert [message.text for message in last] == ["四", "五"]
    assert texts(session, limit=2, before=last[0].id) == ["二", "三"]


def test_history_goes_on_after_a_known_message(session: Session, now: datetime) -> None:
    for text in "一二三四五":
        say(session, text, now)
    second = conversations.history(session, "web:r1")[1]
    assert texts(session, after=second.id) == ["三", "四", "五"]
    assert texts(session, after=second.id, limit=2) == ["三", "四"]


def test_photo_belongs_to_the_conversation_it_is_in(session: Session, now: datetime) -> None:
    photo = "ab" * 32
    say(session, "您看", now, attachments=[{"kind": "image", "id": photo}])
    assert conversations.has_photo(session, "web:r1", photo)
    assert not conversations.has_photo(session, "web:r2", photo)
    assert not conversations.has_photo(session, "web:r1", "%")


def test_message_keeps_what_was_understood(session: Session, now: datetime) -> None:
    understood = {"intent": "report", "confidence": 0.9, "category": "leak_plumbing", "crisis": "none"}
    say(session, "漏\x00水", now, entities=[{"entity": "room", "value": "501"}], **understood)
    message = conversations.history(session, "web:r1")[0]
    assert {name: getattr(message, name) for name in understood} == understood
    assert message.text == "漏水"
    assert message.entities == [{"entity": "room", "value": "501"}]


def test_sessions_listed_by_filters_and_pages(session: Session, now: datetime) -> None:
    ids = [say(session, f"消息{n}%", now + n * timedelta(minutes=1), f"web:{n}") for n in range(3)]

    def listed(limit: int = 50, before: tuple[datetime, int] | None = None, **filters: object) -> list[int]:
        found = conversations.list_sessions(session, SessionFilters(**filters), limit=limit, before=before)
        return [view.id for view in found]

    assert listed() == ids[::-1]
    page = conversations.list_sessions(session, limit=2)
    assert listed(before=(page[-1].last_message_at, page[-1].id)) == ids[:1]
    assert listed(text="息1%") == [ids[1]]
    assert listed(text="1%%") == []
    assert listed(sender_id="web:2", channel="web", state="bot", careful=False) == [ids[2]]
    assert listed(since=now + timedelta(minutes=1), until=now + timedelta(minutes=2)) == [ids[1]]
    assert listed(community_ids=["c1"]) == ids[::-1]  # they name no community, so they are everybody's
    conversations.append(session, "web:2", [], now=now, community_id="c2")
    assert listed(community_ids=["c1"]) == ids[1::-1]


def test_flag_is_set_once(session: Session, now: datetime) -> None:
    for _ in range(2):
        conversations.flag(session, "web:r1", "low_confidence", now=now)
    assert conversations.list_sessions(session)[0].flags == ["low_confidence"]


def test_unknown_session_and_bad_sender(session: Session, now: datetime) -> None:
    with pytest.raises(NotFound):
        conversations.get_session(session, 99)
    for sender in ("noone", "web:", "web:" + "x" * 300, "web:\x00"):
        with pytest.raises(InvalidValue):
            say(session, "…", now, sender)


def test_resent_message_gets_the_stored_reply(session: Session, now: datetime) -> None:
    assert conversations.receive(session, "web:r1", "m1", "你好", now=now).new
    assert conversations.receive(session, "web:r1", "m1", "你好", now=now) == received.Receipt(new=False)
    reply = [{"text": "您好"}]
    conversations.answered(session, "web:r1", "m1", reply, now=now)
    conversations.answered(session, "web:r1", "m1", ["other"], now=now)
    again = conversations.receive(session, "web:r1", "m1", "你好", now=now + HOUR)
    assert (again.new, again.answered, again.reply) == (False, True, reply)
    assert conversations.stored_reply(session, "web:r1", "m1") == reply
    assert conversations.stored_reply(session, "web:r1", "m2") is None
    assert conversations.receive(session, "web:r2", "m1", "你好", now=now).new


def test_message_of_a_killed_process_is_new_again(session: Session, now: datetime) -> None:
    conversations.receive(session, "web:r1", "m1", "漏水了", now=now)
    later = now + received.LEASE
    assert [left.text for left in received.unanswered(session, now=later)] == ["漏水了"]
    assert conversations.receive(session, "web:r1", "m1", "漏水了", now=later).new
    assert not conversations.receive(session, "web:r1", "m1", "漏水了", now=later).new
    assert received.unanswered(session, now=later) == []
