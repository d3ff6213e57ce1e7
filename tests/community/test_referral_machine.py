"""Random lives of referrals: no illegal status, no lost event, no half hour given twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.community import referral_states, referrals, residents
from bot.community.database import Database
from bot.community.errors import AlreadyTaken, InvalidTransition
from bot.community.models import metadata
from bot.community.models.people import Person
from bot.community.models.referrals import BookedSlot
from bot.community.referral_views import Reader
from tests.community.factories import a_referral, a_staff

MONDAY = datetime(2026, 11, 30, 1, tzinfo=timezone.utc)
HOLDING = (referral_states.BOOKED, referral_states.ATTENDED, referral_states.NO_SHOW, referral_states.CLOSED)


class ReferralLife(RuleBasedStateMachine):
    """The model knows the status and the moves of each referral; the database has to agree."""

    numbers: Bundle[str] = Bundle("numbers")

    @initialize()
    def open_database(self) -> None:
        self.database = Database("sqlite://", synchronous="OFF", threads=1)
        metadata.create_all(self.database.engine)
        self.session = Session(self.database.engine, future=True)
        self.now = datetime(2026, 11, 23, 2, tzinfo=timezone.utc)
        self.session.add(Person(id="p1", name="陈静", role="counsellor"))
        self.reader = Reader(a_staff(self.session, self.now, "chen", "counsellor"), "counsellor")
        self.owner = residents.resolve(self.session, "web:r1", now=self.now).id
        self.moves: dict[str, list[str]] = {}

    @rule(target=numbers, key=st.integers(0, 10))
    def request(self, key: int) -> str:
        number = referrals.request(self.session, a_referral(self.owner), key=f"k{key}", now=self.now).number
        self.moves.setdefault(number, [referral_states.REQUESTED])
        return number

    @rule(number=numbers)
    def match(self, number: str) -> None:
        self.expect(
            number,
            referral_states.MATCHED,
            lambda: referrals.match(self.session, number, counsellor_id="p1", reader=self.reader, now=self.now),
        )

    @rule(number=numbers, slot=st.integers(0, 3), halves=st.integers(1, 2))
    def book(self, number: str, slot: int, halves: int) -> None:
        starts_at = MONDAY + slot * timedelta(minutes=30)
        savepoint = self.session.begin_nested()
        try:
            self.expect(
                number,
                referral_states.BOOKED,
                lambda: referrals.book(
                    self.session, number, starts_at=starts_at, minutes=30 * halves, reader=self.reader, now=self.now
                ),
            )
        except AlreadyTaken:
            savepoint.rollback()

    @rule(number=numbers, to=st.sampled_from(["attended", "no_show", "closed", "cancelled"]))
    def move(self, number: str, to: str) -> None:
        self.now += timedelta(hours=1)
        self.expect(
            number, to, lambda: referrals.change_status(self.session, number, to, reader=self.reader, now=self.now)
        )

    @rule(number=numbers)
    def cancel(self, number: str) -> None:
        self.expect(
            number,
            referral_states.CANCELLED,
            lambda: referrals.cancel(self.session, number, resident_id=self.owner, now=self.now),
        )

    @invariant()
    def database_agrees(self) -> None:
        for number, moves in self.moves.items():
            view = referrals.get(self.session, number, resident_id=self.owner, now=self.now)
            history = referrals.events(self.session, number)
            assert [event.to_status for event in history] == moves
            assert all(one.at <= next_one.at for one, next_one in pairwise(history))
            assert view.status == moves[-1]
            held = self.session.scalars(select(BookedSlot).where(BookedSlot.referral_id == view.id)).all()
            assert bool(held) == (view.status in HOLDING)

    def expect(self, number: str, to: str, act: Callable[[], referrals.ReferralView]) -> None:
        """act leads to the status where the table allows it, and is refused elsewhere."""
        if to not in referral_states.MOVES[self.moves[number][-1]]:
            with pytest.raises(InvalidTransition):
                act()
            return
        assert act().status == to
        self.moves[number].append(to)

    def teardown(self) -> None:
        if hasattr(self, "session"):
            self.session.close()
            self.database.dispose()


ReferralLife.TestCase.settings = settings(
    max_examples=20, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
test_random_lives_of_referrals = ReferralLife.TestCase
