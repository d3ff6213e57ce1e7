"""A second problem said beside the first waits on the stack of topics and is offered when the first is reported."""

from __future__ import annotations

import re
from typing import Any

from actions.forms.fields import gist, telling_clauses
from actions.turn import Turn
from bot.community.taxonomy import label

FORM = "property_form"
JOINING = re.compile(r"而且|还有|另外|再一个|再就是|同时|也|又")
AS_LIKELY = 0.2  # so probable is a second reading of one message when it really holds two problems
HIDDEN = 0.1  # so probable is a problem that stands beside an address and a phone
WAITING = 3  # so many topics wait at most


def second_problem(turn: Turn) -> dict[str, Any] | None:
    """The other problem of a message that reports two; None when it reports one."""
    if turn.domain != "property" or not JOINING.search(turn.text):
        return None
    for other in turn.triage.get("alternatives") or []:
        if other["domain"] == "property" and other["confidence"] >= AS_LIKELY:
            return _problem(turn, other["category"], label(other["category"]))
    return None


def problem_of(turn: Turn) -> dict[str, Any]:
    """The problem that this message reports, as the form holds it."""
    return _problem(turn, turn.category or "other_property", gist(turn.text, turn.entities))


def hidden_problem(turn: Turn) -> dict[str, Any] | None:
    """The problem of a message that is mostly address and phone, and was read as mere data; None if there is none."""
    if not telling_clauses(turn.text, turn.entities):
        return None
    for reading in turn.triage.get("alternatives") or []:
        if reading["domain"] == "property" and reading["confidence"] >= HIDDEN:
            return _problem(turn, reading["category"], gist(turn.text, turn.entities))
    return None


def _problem(turn: Turn, category: str, shown: str) -> dict[str, Any]:
    urgency = turn.triage.get("urgency") or "routine"
    return {"text": turn.text.strip(), "gist": shown, "category": category, "urgency": urgency}


def set_aside(
    waiting: list[dict[str, Any]] | None, problem: dict[str, Any], *, place: dict[str, Any] | None = None
) -> list[dict[str, Any]]:
    """The stack of waiting topics with this problem on it; a resumed form starts with nothing else filled."""
    empty = dict.fromkeys(("phone", "available", "photos", "confirmed", "draft_id", "known_disturbance"))
    topic = {"form": FORM, "slots": {**empty, "problem": problem, "place": place}}
    return [*(waiting or []), topic][-WAITING:]
