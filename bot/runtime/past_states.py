"""The states that a conversation went through, computed once for all policies and carried on from one to the next.

Rasa computes them three times for each prediction, each time from the first event: a quarter of a turn. What has been
lived through stays on the tracker, and only new events are added, unless something was taken back.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from rasa.shared.core.constants import PREVIOUS_ACTION
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event
from rasa.shared.core.trackers import DialogueStateTracker

from bot.runtime.patches import Patch

PAST = "_past_states"
State = dict[str, Any]


@dataclass(frozen=True)
class Moment:
    """What Rasa asks about the tracker as it was before an action."""

    state: State
    previous_action: dict[str, Any]
    follows: bool  # a follow-up action, or the loop's own: it does not change whether turns are hidden
    hides: bool


@dataclass
class Past:
    """The events that a tracker has lived through, and the moments before each action among them."""

    tracker: DialogueStateTracker
    events: list[Event] = field(default_factory=list)
    moments: list[Moment] = field(default_factory=list)

    def begins(self, events: list[Event]) -> bool:
        """Whether `events` begin with those of the past."""
        return len(events) >= len(self.events) and all(a is b for a, b in zip(self.events, events, strict=False))

    def live_on(self, events: list[Event], domain: Domain, omit_unset_slots: bool) -> None:
        for event in events[len(self.events) :]:
            if isinstance(event, ActionExecuted):
                self.moments.append(_moment(self.tracker, domain, omit_unset_slots, event.hide_rule_turn))
            self.tracker.update(event)
        self.events = events


def states_for_tracker_history(
    self: Domain,
    tracker: DialogueStateTracker,
    omit_unset_slots: bool = False,
    ignore_rule_only_turns: bool = False,
    rule_only_data: dict[str, Any] | None = None,
) -> list[State]:
    moments = _moments(tracker, self, omit_unset_slots)
    if not ignore_rule_only_turns:
        return [self._clean_state(_copied(moment.state)) for moment in moments]
    states: list[State] = []
    last_ml_action: dict[str, Any] | None = None
    hidden = False
    for moment in moments:
        if not hidden:
            last_ml_action = dict(moment.previous_action)
        if not moment.follows:
            hidden = moment.hides
        if hidden:
            continue
        state = _copied(moment.state)
        self._remove_rule_only_features(state, rule_only_data)
        if states:
            self._substitute_rule_only_user_input(state, states[-1])
        if last_ml_action:
            state[PREVIOUS_ACTION] = last_ml_action
        states.append(self._clean_state(state))
    return states


def _moments(tracker: DialogueStateTracker, domain: Domain, omit_unset_slots: bool) -> list[Moment]:
    """The moments before each action of the tracker, and the present one."""
    pasts = tracker.__dict__.setdefault(PAST, {})
    events = tracker.applied_events()
    past = pasts.get((id(domain), omit_unset_slots))
    if past is None or not past.begins(events):
        past = pasts[id(domain), omit_unset_slots] = Past(tracker.init_copy())
    past.live_on(events, domain, omit_unset_slots)
    return [*past.moments, _moment(past.tracker, domain, omit_unset_slots, False)]


def _moment(tracker: DialogueStateTracker, domain: Domain, omit_unset_slots: bool, hides: bool) -> Moment:
    return Moment(
        state=domain.get_active_state(tracker, omit_unset_slots=omit_unset_slots),
        previous_action=domain._get_prev_action_sub_state(tracker) or {},
        follows=bool(tracker.followup_action) or tracker.latest_action_name == tracker.active_loop_name,
        hides=hides,
    )


def _copied(state: State) -> State:
    """A copy, two levels deep: callers change what they get."""
    return {kind: dict(part) if isinstance(part, dict) else part for kind, part in state.items()}


PATCH = Patch(
    name="past_states",
    owner=Domain,
    attribute="states_for_tracker_history",
    replacement=states_for_tracker_history,
    source_sha256="035111ce73ac90ba50e143abf556f924af07d9f452893f5a96a62895d44df8b7",
)
