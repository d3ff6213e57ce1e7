"""A live tracker that has grown is cut to its latest events, so that a turn costs the same at any length.

Rasa replays a tracker's events several times a turn: 31 ms at the start of a conversation, 972 ms a thousand turns
later (rasa-runtime.md). The cut tracker begins with events that restate slots, loop and pause; they are never stored.
"""

from __future__ import annotations

from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    ConversationPaused,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

MOST_EVENTS = 120
KEPT_EVENTS = 40


def compacted(tracker: DialogueStateTracker) -> DialogueStateTracker:
    """The tracker itself while it is short, else a new one in the same state with the latest events only.

    As in Rasa's own stores, what came before the latest session's start is left out in any case.
    """
    events = list(tracker.events)
    start = _latest_session(events)
    if len(events) - start > MOST_EVENTS:
        start = max(start, _before_message(events, len(events) - KEPT_EVENTS))
    if start == 0:
        return tracker
    head = [] if isinstance(events[start], SessionStarted) else _restated(tracker, events[:start], events[start])
    return _same(tracker, [*head, *events[start:]])


def _latest_session(events: list[Event]) -> int:
    places = (place for place in range(len(events) - 1, 0, -1) if isinstance(events[place], SessionStarted))
    return next(places, 0)


def _before_message(events: list[Event], latest: int) -> int:
    """The place of the last user message at or before `latest`, or of the listening before it; 0 if there is none."""
    place = next((place for place in range(latest, 0, -1) if isinstance(events[place], UserUttered)), 0)
    return place - 1 if place > 1 and isinstance(events[place - 1], ActionExecuted) else place


def _restated(tracker: DialogueStateTracker, past: list[Event], first: Event) -> list[Event]:
    """Events that bring a new tracker to the state that `past` leads to; they bear the time of the first kept one."""
    before = _same(tracker, past)
    head: list[Event] = [
        SlotSet(name, slot.value, timestamp=first.timestamp) for name, slot in before.slots.items() if slot.has_been_set
    ]
    if before.active_loop_name:
        head.append(ActiveLoop(before.active_loop_name, timestamp=first.timestamp))
    if before.is_paused():
        head.append(ConversationPaused(timestamp=first.timestamp))
    return head


def _same(tracker: DialogueStateTracker, events: list[Event]) -> DialogueStateTracker:
    """A tracker of the same conversation that has lived through these events."""
    made = tracker.init_copy()
    for event in events:
        made.update(event)
    made.model_id, made.assistant_id = tracker.model_id, tracker.assistant_id
    return made
