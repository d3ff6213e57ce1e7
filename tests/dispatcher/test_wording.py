"""Every kind of notification that the core queues for residents has words."""

from __future__ import annotations

import ast
from datetime import datetime, timezone
from typing import Any

import pytest

from bot.community import disturbances, referral_states, ticket_states
from bot.community.notifications import NotificationView
from bot.dispatcher.wording import NoWords, texts, word
from bot.settings import ROOT

AT = datetime(2026, 11, 23, 2, 0, tzinfo=timezone.utc)
# Tickets are told of from `accepted` on: a new one is told in the conversation, or as ticket_opened.
TICKET_STATUSES = [status for status in ticket_states.STATUSES if status != ticket_states.NEW]


def notification(kind: str, **payload: Any) -> NotificationView:
    return NotificationView(1, "key", "rest:u1", kind, payload, 1, AT)


def test_ticket_status_tells_number_category_and_handler() -> None:
    text = word(
        notification(
            "ticket_status",
            number="WY20261123-0001",
            status="dispatched",
            category="leak_plumbing",
            assignee="江岸物业",
        )
    )
    assert text.startswith("您的工单 WY20261123-0001（漏水")
    assert "由江岸物业处理。" in text


def test_line_about_something_unknown_is_left_out() -> None:
    text = word(
        notification("ticket_status", number="WY1", status="resolved", category="leak_plumbing", why="", assignee=None)
    )
    assert "处理情况" not in text
    assert "None" not in text
    assert "「解决了」" in text


def test_booking_time_is_told_in_local_time() -> None:
    at = "2026-11-25T06:30:00+00:00"
    assert "时间：11月25日 14:30" in word(notification("referral_status", number="XL1", status="booked", starts_at=at))


@pytest.mark.parametrize("status", TICKET_STATUSES)
def test_every_ticket_status_has_words(status: str) -> None:
    values = {"number": "WY1", "category": "leak_plumbing", "assignee": "江岸物业", "why": "换了灯"}
    assert "WY1" in word(notification("ticket_status", status=status, **values))


@pytest.mark.parametrize("status", referral_states.STATUSES)
def test_every_referral_status_has_words_that_do_not_tell_what_it_is_about(status: str) -> None:
    text = word(notification("referral_status", status=status, number="XL1", starts_at=None))
    assert "XL1" in text
    assert not any(telling in text for telling in ("心理", "咨询", "情绪"))


def test_end_of_a_disturbance_and_a_code_have_words() -> None:
    assert "恢复" in word(
        notification(disturbances.NOTICE_KIND, category="water_supply", text="停水", disturbance="w1")
    )
    assert "012345" in word(notification("link_code", code="012345"))


def test_kind_without_words_is_refused() -> None:
    with pytest.raises(NoWords, match="no_such_kind"):
        word(notification("no_such_kind"))


def test_every_kind_told_to_residents_stands_in_the_file() -> None:
    told = {"referral_status", "link_code", disturbances.NOTICE_KIND, *_kinds_told_to_residents()}
    assert told <= set(texts())


def _kinds_told_to_residents() -> set[str]:
    """The kinds that the core's code gives to ticket_log.tell_residents."""
    found = set()
    for path in (ROOT / "bot" / "community").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "tell_residents":
                found.add(ast.literal_eval(node.args[3]))
    assert found
    return found
