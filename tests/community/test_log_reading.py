"""The log as the staff read it: last words, hand-overs, and where confidential talk begins."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from bot.community import confidential, conversations, handoff, log_reading
from bot.community.conversations import NewMessage, SessionFilters
from tests.community.factories import a_staff


def say(session: Session, now: datetime, text: str, author: str = "resident", **understood: object) -> int:
    return conversations.append(session, "web:r1", [NewMessage(author, text, **understood)], now=now)


def test_last_words_are_the_residents(session: Session, now: datetime) -> None:
    say(session, now, "第一句")
    id = say(session, now, "我是王小芳", entities={"name": "王小芳"})
    say(session, now, "好的", author="bot")
    words = log_reading.last_words(session, [id])[id]
    assert (words.text, words.names) == ("我是王小芳", ("王小芳",))
    assert log_reading.last_words(session, []) == {}


def test_hand_overs_name_the_staff(session: Session, now: datetime) -> None:
    wang, li = a_staff(session, now, "wang"), a_staff(session, now, "li")
    id = handoff.request(session, "web:r1", reason="wish", now=now).session_id
    handoff.take(session, id, wang, now=now)
    handoff.transfer(session, id, wang, li, now=now)
    handoff.give_back(session, id, li, now=now)
    lines = log_reading.handoffs(session, id)
    assert [line.kind for line in lines] == ["requested", "taken", "transferred", "given_back"]
    assert [(line.staff_name, line.to_name) for line in lines[1:3]] == [("wang", None), ("wang", "li")]


def test_confidential_talk_begins_with_its_first_word(session: Session, now: datetime) -> None:
    id = say(session, now, "水管漏了", category="leak_plumbing", crisis="none")
    assert confidential.starts(session, [id]) == {}
    for understood in ({"category": "anxiety_sleep"}, {"intent": "seek_counselling"}, {"crisis": "concern"}):
        say(session, now, "心里难受", **understood)
    first = conversations.history(session, "web:r1")[1].id
    assert confidential.starts(session, [id]) == {id: first}


def test_search_of_others_leaves_confidential_talk_out(session: Session, now: datetime) -> None:
    id = say(session, now, "水管漏了")
    say(session, now, "睡不着", category="anxiety_sleep")
    say(session, now, "水管又漏了")

    def found(text: str, confidential: bool) -> list[int]:
        filters = SessionFilters(text=text, confidential=confidential)
        return [view.id for view in conversations.list_sessions(session, filters)]

    assert found("睡不着", True) == found("水管漏", False) == [id]
    assert found("睡不着", False) == found("又漏", False) == []
