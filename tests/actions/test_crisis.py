"""The careful mode on a real database: the alarm goes out with every message, and staff end it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

import actions.turn
from actions.crisis import CrisisCare
from actions.psychology import OfferCounselling
from bot.community import crisis
from bot.community.catalogue_files import import_files
from bot.community.database import Database
from tests.community.factories import a_staff

SENDER = "web:r1"
HOTLINES = Path(__file__).parents[2] / "data" / "catalogue" / "hotlines.csv"
SUBDISTRICTS = HOTLINES.with_name("subdistricts.csv")


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    made = Database(f"sqlite:///{tmp_path}/care.db", synchronous="OFF")
    made.create_all()
    with made.transaction() as session:
        import_files(session, [SUBDISTRICTS, HOTLINES])
    monkeypatch.setattr(actions.turn, "database", lambda: made)
    yield made
    made.dispose()


class Talk:
    """A resident's tracker, as the action server sees it, from message to message."""

    def __init__(self) -> None:
        self.slots: dict[str, Any] = {}
        self.loop: str | None = None
        self.events: list[dict[str, Any]] = []

    async def say(self, text: str, action: Any = CrisisCare, **triage: Any) -> list[str]:
        message = {"text": text, "triage": triage, "intent": {"name": triage.get("intent", "")}}
        loop = {"name": self.loop} if self.loop else {}
        tracker = Tracker(SENDER, self.slots, message, [], False, None, loop, "action_listen")
        dispatcher = CollectingDispatcher()
        self.events = await action().run(dispatcher, tracker, {})
        self.slots |= {event["name"]: event["value"] for event in self.events if event["event"] == "slot"}
        return [each["text"] for each in dispatcher.messages]

    @property
    def kinds(self) -> list[str]:
        return [event["event"] for event in self.events]


def alarm_events(database: Database) -> list[crisis.AlarmEvent]:
    with database.reading() as session:
        return crisis.events(session, crisis.open_alarm(session, SENDER).id)


async def test_first_message_raises_the_alarm_and_leaves_the_form(database: Database) -> None:
    talk = Talk()
    talk.loop = "property_form"
    said = await talk.say("不想活了", crisis="crisis", crisis_signs={"reasons": ["wish"], "minor": True})
    assert "结束自己生命" in said[0]
    assert any("12356" in text and "0790-5550110" in text for text in said)
    assert talk.slots["careful_mode"] is True
    assert "active_loop" in talk.kinds
    assert set(alarm_events(database)[0].reasons) == {"wish", "minor"}


async def test_every_message_adds_to_the_alarm(database: Database) -> None:
    talk = Talk()
    await talk.say("不想活了", crisis="crisis")
    await talk.say("有", crisis="none")
    await talk.say("没有", crisis="none")
    await talk.say("一个人", crisis="none")
    events = alarm_events(database)
    assert [event.kind for event in events] == ["raised", "repeated", "repeated", "repeated"]
    assert "alone" in events[-1].reasons


async def test_person_who_answers_is_named(database: Database) -> None:
    talk = Talk()
    await talk.say("不想活了", crisis="crisis")
    now = datetime.now(timezone.utc)
    with database.transaction() as session:
        who = a_staff(session, now, "zhou", "counsellor")
        crisis.acknowledge(session, crisis.open_alarm(session, SENDER).id, who, now=now)
    assert any("zhou" in text for text in await talk.say("有", crisis="none"))


async def test_closed_alarm_gives_the_message_back(database: Database) -> None:
    talk = Talk()
    await talk.say("不想活了", crisis="crisis")
    now = datetime.now(timezone.utc)
    with database.transaction() as session:
        who = a_staff(session, now, "zhou", "counsellor")
        alarm = crisis.open_alarm(session, SENDER)
        crisis.acknowledge(session, alarm.id, who, now=now)
        crisis.close(session, alarm.id, who, outcome="家人已到", now=now)
    assert await talk.say("老年食堂在哪", crisis="none") == []
    assert talk.kinds[0] == "undo"
    assert talk.slots["careful_mode"] is False
    with database.reading() as session:
        assert crisis.open_alarm(session, SENDER) is None


async def test_gentle_question_and_its_yes(database: Database) -> None:
    talk = Talk()
    said = await talk.say(
        "活着没意思", OfferCounselling, crisis="concern", domain="psychology", category="depression_mood"
    )
    assert "不想活" in said[0]
    assert alarm_events(database)[0].level == "concern"
    await talk.say("有", crisis="none")
    assert talk.slots["careful_mode"] is True
    assert "asked_directly" in alarm_events(database)[-1].reasons
    with database.reading() as session:
        assert crisis.open_alarm(session, SENDER).level == "crisis"


async def test_gentle_question_and_its_no_goes_back_to_the_form(database: Database) -> None:
    talk = Talk()
    talk.loop = "property_form"
    await talk.say("活着没意思", OfferCounselling, crisis="concern", domain="psychology")
    await talk.say("没有", crisis="none")
    assert not talk.slots["careful_mode"]
    assert talk.events[-1] == {"event": "followup", "timestamp": None, "name": "property_form"}
