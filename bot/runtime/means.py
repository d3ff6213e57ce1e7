"""The list of the speed-ups that patch Rasa; each lives in its own module with its reason and its measured gain."""

from __future__ import annotations

from bot.runtime import (
    action_validation,
    action_window,
    applied_events,
    event_classes,
    graph_plan,
    past_states,
    patches,
    tracker_copies,
)

ALL = (
    action_validation.PATCH,
    action_window.PATCH,
    applied_events.PATCH,
    event_classes.PATCH,
    graph_plan.PATCH,
    past_states.PATCH,
    tracker_copies.PATCH,
)


def speed_up(off: str = "") -> list[str]:
    """Apply every known speed-up except those named in `off`; returns the names applied."""
    return patches.apply(ALL, off=off)
