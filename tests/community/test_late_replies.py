"""Answers that could not go out with the resident's own request, their tokens and their windows."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.community import channel_tokens, late_replies, received, sending_windows
from bot.community.late_replies import API, DONE, KEPT, OPEN, PASSIVE
from bot.community.sending_windows import Window

WHO = "wechat:o1"
WINDOWS = [Window("message:", 5, timedelta(hours=48)), Window("menu:", 3, timedelta(minutes=1))]


def begin(session: Session, now: datetime, state: str, key: str = "m1", parts: list[str] | None = None) -> bool:
    return late_replies.begin(session, WHO, key, state, message={"Content": "慢"}, parts=parts, now=now)


def state_of(session: Session, key: str = "m1") -> str | None:
    return late_replies.standing(session, WHO, key).state


def test_nothing_stands_before_anything_happened(session: Session) -> None:
    assert late_replies.standing(session, WHO, "m1") == late_replies.Standing(None)


def test_first_decision_holds(session: Session, now: datetime) -> None:
    assert begin(session, now, API)
    assert not begin(session, now, API)
    assert not late_replies.settle_passive(session, WHO, "m1")
    assert state_of(session) == API


def test_open_answer_goes_with_a_later_delivery_or_by_api(session: Session, now: datetime) -> None:
    assert begin(session, now, OPEN)
    assert late_replies.settle_passive(session, WHO, "m1")
    assert late_replies.settle_passive(session, WHO, "m1")
    assert not begin(session, now, API)
    assert state_of(session) == PASSIVE
    begin(session, now, OPEN, "m2")
    assert begin(session, now, API, "m2")
    assert state_of(session, "m2") == API


def test_opening_again_renews_the_wait(session: Session, now: datetime) -> None:
    begin(session, now, OPEN)
    late = now + late_replies.LEASE
    assert not begin(session, late - timedelta(seconds=1), OPEN)
    assert late_replies.claim_due(session, "wechat", now=late) == []
    assert len(late_replies.claim_due(session, "wechat", now=late + late_replies.LEASE)) == 1


def test_only_the_first_to_end_the_turn_carries_it(session: Session, now: datetime) -> None:
    begin(session, now, API)
    assert late_replies.start(session, WHO, "m1", ["一", "二"], now=now)
    assert not late_replies.start(session, WHO, "m1", ["一", "二"], now=now)


def test_unfinished_answer_is_taken_over_with_what_is_left(session: Session, now: datetime) -> None:
    begin(session, now, API)
    late_replies.start(session, WHO, "m1", ["一", "二"], now=now)
    late_replies.progress(session, WHO, "m1", ["二"], now=now)
    assert not late_replies.has_due(session, now=now)
    late = now + late_replies.LEASE
    assert late_replies.has_due(session, now=late)
    assert late_replies.claim_due(session, "wecom", now=late) == []
    (due,) = late_replies.claim_due(session, "wechat", now=late)
    assert (due.parts, due.message, due.attempts) == (["二"], {"Content": "慢"}, 1)
    assert late_replies.claim_due(session, "wechat", now=late) == []
    late_replies.progress(session, WHO, "m1", [], now=late)
    assert state_of(session) == DONE


def test_answer_whose_turn_was_never_ended_is_taken_over_without_parts(session: Session, now: datetime) -> None:
    begin(session, now, API)
    (due,) = late_replies.claim_due(session, "wechat", now=now + late_replies.LEASE)
    assert due.parts is None


def test_kept_answer_goes_with_one_message_and_each_of_its_deliveries(session: Session, now: datetime) -> None:
    begin(session, now, API)
    late_replies.start(session, WHO, "m1", ["一"], now=now)
    assert late_replies.standing(session, WHO, "m2").pending
    late_replies.keep(session, WHO, "m1", ["一"])
    late_replies.show_kept(session, WHO, "m2")
    assert late_replies.standing(session, WHO, "m2").kept == late_replies.standing(session, WHO, "m2").kept == ("一",)
    assert late_replies.standing(session, WHO, "m3").kept == ()


def test_rest_of_an_answer_is_not_shown_with_its_own_message(session: Session, now: datetime) -> None:
    begin(session, now, KEPT, "m1" + late_replies.REST, ["二"])
    late_replies.show_kept(session, WHO, "m1")
    assert late_replies.standing(session, WHO, "m1").kept == ()
    assert late_replies.standing(session, WHO, "m2").kept == ("二",)


def test_tidying_and_forgetting_leave_what_is_under_way_and_nothing(session: Session, now: datetime) -> None:
    begin(session, now, API)
    begin(session, now, KEPT, "m2", ["二"])
    late_replies.tidy(session, before=now + timedelta(days=3))
    assert (state_of(session), state_of(session, "m2")) == (API, None)
    late_replies.forget(session, WHO)
    assert state_of(session) is None


def test_window_counts_what_was_sent_since_the_resident_spoke(session: Session, now: datetime) -> None:
    def left(at: datetime) -> int:
        return sending_windows.remaining(session, WHO, WINDOWS, now=at)

    assert left(now) == 0
    received.receive(session, WHO, "message:1", "你好", now=now)
    sending_windows.record(session, WHO, now=now + timedelta(hours=1))
    session.flush()
    assert left(now + timedelta(hours=2)) == 4
    assert left(now + timedelta(hours=48)) == 0
    received.receive(session, WHO, "menu:2", "报修", now=now + timedelta(hours=50))
    assert left(now + timedelta(hours=50)) == 3
    assert left(now + timedelta(hours=50, minutes=1)) == 0


def test_token_is_fetched_by_one_and_replaced_once(session: Session, now: datetime) -> None:
    assert channel_tokens.current(session, "wechat:1", now=now) is None
    assert channel_tokens.lease(session, "wechat:1", now=now)
    assert not channel_tokens.lease(session, "wechat:1", now=now)
    channel_tokens.store(session, "wechat:1", "secret", expires_at=now + timedelta(hours=2))
    found = channel_tokens.current(session, "wechat:1", now=now)
    assert found is not None
    assert found.value == "secret"
    assert "secret" not in repr(found)
    assert channel_tokens.spoil(session, "wechat:1", "secret", now=now)
    assert not channel_tokens.spoil(session, "wechat:1", "secret", now=now)
    assert channel_tokens.lease(session, "wechat:1", now=now)


def test_lease_of_a_dead_process_ends(session: Session, now: datetime) -> None:
    channel_tokens.lease(session, "wechat:1", now=now)
    assert channel_tokens.lease(session, "wechat:1", now=now + channel_tokens.LEASE)
    channel_tokens.release(session, "wechat:1")
    assert channel_tokens.lease(session, "wechat:1", now=now)
