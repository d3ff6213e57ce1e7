from __future__ import annotations

import json
from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from bot.community import conversations, crisis, privacy, referrals, residents, tickets
from bot.community.errors import NotAllowed, NotFound
from bot.community.models.residents import Resident
from tests.community.factories import a_draft, a_referral, a_resident


def with_a_life(session: Session, now: datetime) -> tuple[int, str]:
    id = a_resident(session, now)
    residents.remember(session, id, name="王女士", phone="13900001234")
    conversations.append(session, "web:r1", [conversations.NewMessage("resident", "厨房漏水")], now=now)
    return id, tickets.open_ticket(session, a_draft(name="王女士", room="501"), key="k", now=now).number


def test_export_holds_everything_as_json(session: Session, now: datetime) -> None:
    id, number = with_a_life(session, now)
    referral = referrals.request(session, a_referral(id), key="r", now=now)
    text = json.dumps(privacy.export(session, id), ensure_ascii=False)
    for part in ("王女士", "13900001234", "厨房漏水", number, referral.number, "psychology", "web:r1"):
        assert part in text


def test_erasure_drops_the_person_and_keeps_the_count(session: Session, now: datetime) -> None:
    id, number = with_a_life(session, now)
    tickets.cancel(session, number, resident_id=id, why="我叫王女士", now=now)
    erasure = privacy.erase(session, id, actor="staff:1", now=now)
    assert (dict(erasure.erased), erasure.kept) == ({"tickets": 1, "referrals": 0, "messages": 1}, ())
    stripped = tickets.get(session, number)
    assert (stripped.name, stripped.room, stripped.description, stripped.category) == (None, None, "", "leak_plumbing")
    assert "王女士" not in json.dumps(privacy.export(session, id), ensure_ascii=False)
    assert all(event.why == "" for event in tickets.events(session, number))
    assert conversations.history(session, "web:r1") == []
    assert residents.resolve(session, "web:r1", now=now).id != id


def test_open_cases_and_crises_stay_and_are_named(session: Session, now: datetime) -> None:
    id, number = with_a_life(session, now)
    alarm = crisis.raise_alarm(session, "web:r1", level="crisis", text="…", reasons=[], third_person=False, now=now)
    erasure = privacy.erase(session, id, actor="staff:1", now=now)
    assert {(kept.number, kept.reason) for kept in erasure.kept} == {
        (number, "open_case"),
        (alarm.number, "legal_retention"),
    }
    assert tickets.get(session, number).room == "501"
    assert crisis.open_alarm(session, "web:r1") is not None


def test_legal_hold_prevents_erasure(session: Session, now: datetime) -> None:
    id = a_resident(session, now)
    session.get(Resident, id).legal_hold = True
    with pytest.raises(NotAllowed):
        privacy.erase(session, id, actor="staff:1", now=now)
    with pytest.raises(NotFound):
        privacy.export(session, 99)
