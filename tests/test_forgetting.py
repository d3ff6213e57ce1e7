"""Erasure reaches the dialogue's own record as well."""

from __future__ import annotations

from datetime import datetime, timezone

from rasa.core.tracker_store import SQLTrackerStore
from sqlalchemy import insert, select

from bot import forgetting
from bot.community import residents
from bot.community.database import Database

NOW = datetime(2026, 11, 24, 4, 0, tzinfo=timezone.utc)
Event = SQLTrackerStore.SQLEvent


def test_erasure_removes_the_tracker_of_this_resident_alone(tmp_path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'test.db'}", synchronous="OFF")
    database.create_all()
    SQLTrackerStore.Base.metadata.create_all(database.engine)
    with database.transaction() as session:
        for sender_id in ("web:gone", "web:stays"):
            resident = residents.resolve(session, sender_id, now=NOW)
            session.execute(insert(Event).values(sender_id=sender_id, type_name="user", data="{}"))
            if sender_id == "web:gone":
                forgetting.erase(session, resident.id, actor="resident", now=NOW)
    with database.reading() as session:
        assert session.scalars(select(Event.sender_id)).all() == ["web:stays"]
    database.dispose()


def test_erasure_works_before_anybody_has_talked(tmp_path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'test.db'}", synchronous="OFF")
    database.create_all()
    with database.transaction() as session:
        resident = residents.resolve(session, "web:new", now=NOW)
        forgetting.erase(session, resident.id, actor="resident", now=NOW)
    database.dispose()
