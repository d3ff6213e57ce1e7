from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    BotUttered,
    ConversationPaused,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.slots import TextSlot
from rasa.shared.core.trackers import DialogueStateTracker

from bot.community import conversations
from bot.community.database import Database
from bot.runtime.compaction import KEPT_EVENTS, MOST_EVENTS
from bot.store import ConversationStore

SENDER = "rest:a"
DOMAIN = Domain.from_dict({"intents": ["inform"], "forms": {"property_form": {"required_slots": []}}})
DOMAIN.slots.extend(TextSlot(name, mappings=[{"type": "custom"}]) for name in ("room", "phone"))


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = Database(f"sqlite:///{tmp_path / 'community.db'}", synchronous="OFF")
    made.create_all()
    yield made
    made.dispose()


@pytest.fixture
def store(database: Database) -> ConversationStore:
    return ConversationStore(database, DOMAIN)


def a_turn(text: str) -> list[Event]:
    return [UserUttered(text, {"name": "inform"}), ActionExecuted("utter_ok"), BotUttered("好的"), listen()]


def listen() -> ActionExecuted:
    return ActionExecuted("action_listen")


async def live(store: ConversationStore, *events: Event) -> DialogueStateTracker:
    """The conversation after these events, saved."""
    tracker = await store.get_or_create_tracker(SENDER, append_action_listen=False)
    for event in events:
        tracker.update(event, DOMAIN)
    await store.save(tracker)
    return tracker


async def stored(database: Database) -> list[Event]:
    """All events that the database holds, as another process reads them."""
    tracker = await ConversationStore(database, DOMAIN).retrieve_full_tracker(SENDER)
    return list(tracker.events) if tracker else []


async def test_tracker_stays_live_between_turns(store: ConversationStore) -> None:
    await live(store, SessionStarted(), *a_turn("你好"))
    assert await store.retrieve(SENDER) is await store.retrieve(SENDER)


async def test_log_and_events_are_written_once(store: ConversationStore, database: Database) -> None:
    await live(store, SessionStarted(), *a_turn("你好"))
    await live(store, *a_turn("在吗"))
    messages = await database.read(conversations.history, SENDER)
    assert [message.text for message in messages] == ["你好", "好的", "在吗", "好的"]
    assert [event.text for event in await stored(database) if isinstance(event, UserUttered)] == ["你好", "在吗"]


async def test_what_another_process_wrote_is_seen(store: ConversationStore, database: Database) -> None:
    await live(store, SessionStarted(), *a_turn("你好"))
    await live(ConversationStore(database, DOMAIN), SlotSet("room", "501"))
    tracker = await store.retrieve(SENDER)
    assert tracker is not None
    assert tracker.get_slot("room") == "501"


async def test_what_a_failed_turn_left_is_forgotten(store: ConversationStore) -> None:
    tracker = await live(store, SessionStarted(), *a_turn("你好"))
    tracker.update(SlotSet("room", "501"))
    again = await store.retrieve(SENDER)
    assert again is not None
    assert again.get_slot("room") is None


async def test_erased_conversation_is_gone(store: ConversationStore, database: Database) -> None:
    await live(store, SessionStarted(), *a_turn("你好"))
    with database.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM events")
    assert await store.retrieve(SENDER) is None


async def test_only_so_many_stay_live(database: Database) -> None:
    store = ConversationStore(database, DOMAIN, most_live=1)
    first = await live(store, SessionStarted())
    other = DialogueStateTracker.from_events("rest:b", [SessionStarted()], DOMAIN.slots)
    await store.save(other)
    again = await store.retrieve(SENDER)
    assert again == first
    assert again is not first


async def test_long_conversation_is_cut_with_its_state(store: ConversationStore, database: Database) -> None:
    await live(store, SessionStarted(), SlotSet("room", "501"), ActiveLoop("property_form"), ConversationPaused())
    said = 0
    for said in range(MOST_EVENTS):
        await live(store, *a_turn(f"第{said}句"))
    tracker = await store.retrieve(SENDER)
    assert tracker is not None
    assert KEPT_EVENTS <= len(tracker.events) <= MOST_EVENTS + 8
    assert (tracker.get_slot("room"), tracker.active_loop_name, tracker.is_paused()) == ("501", "property_form", True)
    assert tracker.latest_message is not None
    assert tracker.latest_message.text == f"第{said}句"
    assert len(await stored(database)) == 4 + 4 * MOST_EVENTS


async def test_cut_conversation_is_the_same_after_a_restart(store: ConversationStore, database: Database) -> None:
    await live(store, SessionStarted(), SlotSet("phone", "139"), SlotSet("phone", None), SlotSet("room", "501"))
    for said in range(MOST_EVENTS):
        await live(store, *a_turn(f"第{said}句"))
    tracker = await ConversationStore(database, DOMAIN).retrieve(SENDER)
    assert tracker is not None
    assert len(tracker.events) <= MOST_EVENTS
    assert tracker.current_slot_values() == (await live(store)).current_slot_values()


async def test_a_new_session_leaves_the_old_one_behind(store: ConversationStore) -> None:
    await live(store, SessionStarted(), *a_turn("你好"))
    await live(store, ActionExecuted("action_session_start"), SessionStarted(), SlotSet("room", "501"), listen())
    tracker = await store.retrieve(SENDER)
    assert tracker is not None
    assert isinstance(tracker.events[0], SessionStarted)
    assert tracker.get_slot("room") == "501"
