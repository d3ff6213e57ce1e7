"""Which of a tracker's events hold, worked out once until another event comes.

Rasa goes through all events for it seven times a turn: whenever it looks for the last event of a kind, and for the
states of every policy.
"""

from __future__ import annotations

from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker

from bot.runtime.patches import Patch

APPLIED = "_applied_events"
_work_out = DialogueStateTracker.applied_events


def applied_events(self: DialogueStateTracker) -> list[Event]:
    state = (len(self.events), self.events[-1] if self.events else None)
    known = self.__dict__.get(APPLIED)
    if known is None or known[0] != state[0] or known[1] is not state[1]:
        known = self.__dict__[APPLIED] = (*state, _work_out(self))
    return list(known[2])


PATCH = Patch(
    name="applied_events",
    owner=DialogueStateTracker,
    attribute="applied_events",
    replacement=applied_events,
    source_sha256="764d5065ea9997d613c1984d9357370f9ae32d31ca21346086f16c54f0487aae",
)
