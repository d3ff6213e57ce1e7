"""A water stop of the compound that is known is told before the resident fills in a form for it."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from sqlalchemy import select

from bot.community.models.catalogue import Disturbance, DisturbanceJoin
from tests.conversations.records import read
from tests.conversations.server import Resident, Server

COMPOUND = {"compound_id": "binjiang-yihao", "community_id": "binjiang"}


def test_known_disturbance_is_told_and_joined(server: Server) -> None:
    now = datetime.now(timezone.utc)
    with server.database.transaction() as session:
        notice = Disturbance(
            id="test-water",
            kind="water",
            category="water_supply",
            starts_at=now - timedelta(hours=1),
            ends_at=now + timedelta(hours=5),
            text="滨江壹号今天检修水管，预计今晚来水。",
            **COMPOUND,
        )
        session.add(notice)
    resident = Resident(server)
    resident.hear("家里停水了")
    assert "滨江壹号今天检修水管" in resident.hear("滨江壹号3栋1单元501")
    assert "恢复了我在这里告诉您" in resident.hear("不报了")
    assert read(server.database, resident.sender_id)["tickets"] == []
    with server.database.reading() as session:
        assert session.scalars(select(DisturbanceJoin.disturbance_id)).all() == ["test-water"]


def test_another_fault_in_the_same_building_is_still_reported(server: Server) -> None:
    resident = Resident(server)
    resident.hear("楼道的灯全不亮了")
    assert "检修水管" not in resident.hear("滨江壹号3栋1单元")
