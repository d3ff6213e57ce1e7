"""Section 6: following and leaving."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.channels.wechat import courier
from bot.community import conversations, residents, tickets
from bot.community.clock import utcnow
from bot.community.conversations import NewMessage
from bot.community.models.channels import ChannelSend, LateReply
from bot.community.models.residents import Resident
from bot.community.ticket_views import TicketDraft
from tests.channels.wechat.conftest import SECOND, Town

SENDER = "wechat:o1"


def known(town: Town) -> int:
    """A resident who said something and told their name."""
    now = utcnow()
    resident = town.database.call(residents.resolve, SENDER, now=now)
    town.database.call(residents.remember, resident.id, name="王女士", phone="13900001234")
    town.database.call(conversations.append, SENDER, [NewMessage("resident", "我家漏水")], now=now)
    return resident.id


async def test_leaving_erases_the_resident(town: Town) -> None:
    resident_id = known(town)
    told = await town.platform.event("o1", "unsubscribe", EventKey="")
    assert told.bodies == [b"success"]
    assert town.database.call_reading(residents.find, SENDER) is None
    assert town.database.call_reading(residents.get, resident_id).phone is None
    assert town.database.call_reading(conversations.history, SENDER) == []
    assert not town.intake.taken


async def test_leaving_twice_and_leaving_unknown_are_harmless(town: Town) -> None:
    known(town)
    for openid in ("o1", "o1", "stranger"):
        assert (await town.platform.event(openid, "unsubscribe", EventKey="")).statuses == [200]


async def test_open_ticket_stays_when_its_resident_leaves(town: Town) -> None:
    resident_id = known(town)
    draft = TicketDraft(category="leak_plumbing", description="厨房漏水", sender_id=SENDER, resident_id=resident_id)
    ticket = town.database.call(tickets.open_ticket, draft, key="k1", now=utcnow())
    await town.platform.event("o1", "unsubscribe", EventKey="")
    with town.database.transaction() as session:
        assert session.get(Resident, resident_id).name is None
    assert ticket.number


async def test_legal_hold_outranks_leaving(town: Town) -> None:
    resident_id = known(town)
    with town.database.transaction() as session:
        session.get(Resident, resident_id).legal_hold = True
    assert (await town.platform.event("o1", "unsubscribe", EventKey="")).statuses == [200]
    assert town.database.call_reading(residents.get, resident_id).name == "王女士"


async def test_leaving_cancels_answers_under_way(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(courier, "_delay", lambda attempts: timedelta(hours=1))
    monkeypatch.setattr("bot.channels.wechat.api.FIRST_DELAY_SECONDS", 0.01)
    town.intake.slow["慢"] = 6 * SECOND
    town.platform.faults["message/custom/send"] = [-1] * 3
    await town.platform.say("o1", "慢")
    await town.until(lambda: not town.platform.faults["message/custom/send"])
    await town.platform.event("o1", "unsubscribe", EventKey="")
    with town.database.reading() as session:
        assert session.query(LateReply).count() == session.query(ChannelSend).count() == 0


async def test_coming_back_is_welcomed_and_starts_anew(town: Town) -> None:
    first = known(town)
    await town.platform.event("o1", "unsubscribe", EventKey="")
    told = await town.platform.event("o1", "subscribe", EventKey="")
    assert told.shown == "收到：你好"
    found = town.database.call_reading(residents.find, SENDER)
    assert found is not None
    assert found.id != first
    assert found.name is None
