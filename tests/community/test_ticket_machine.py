"""Random lives of tickets: no illegal status, no lost event, times that never run backwards."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy.orm import Session

from bot.community import residents, ticket_states, tickets
from bot.community.clock import LOCAL
from bot.community.database import Database
from bot.community.errors import CommunityError, InvalidTransition, InvalidValue, NotAllowed, NotFound, TooOften
from bot.community.models import metadata
from tests.community.factories import a_draft

MOMENTS = st.integers(-600, 6000).map(lambda minutes: timedelta(minutes=minutes))


class TicketLife(RuleBasedStateMachine):
    """The model knows status and number of events of each ticket; the database has to agree."""

    numbers: Bundle[str] = Bundle("numbers")

    @initialize()
    def open_database(self) -> None:
        self.database = Database("sqlite://", synchronous="OFF", threads=1)
        metadata.create_all(self.database.engine)
        self.session = Session(self.database.engine, future=True)
        self.now = datetime(2026, 11, 23, 10, tzinfo=LOCAL)
        self.status: dict[str, str] = {}
        self.events: dict[str, int] = {}
        self.owner = residents.resolve(self.session, "web:r1", now=self.now).id

    @rule(target=numbers, key=st.integers(0, 30), category=st.sampled_from(["leak_plumbing", "meals", "mediation"]))
    def open(self, key: int, category: str) -> str:
        number = tickets.open_ticket(self.session, a_draft(category), key=f"web:r1:{key}", now=self.now).number
        self.status.setdefault(number, ticket_states.NEW)
        self.events.setdefault(number, 1)
        return number

    @rule(number=numbers, to=st.sampled_from(ticket_states.STATUSES), passed=MOMENTS)
    def move(self, number: str, to: str, passed: timedelta) -> None:
        self.now += passed
        self.expect(
            number,
            lambda: tickets.change_status(self.session, number, to, actor="staff:1", now=self.now),
            to if to in ticket_states.MOVES[self.status[number]] else None,
            InvalidTransition,
        )

    @rule(number=numbers, stranger=st.booleans())
    def cancel(self, number: str, stranger: bool) -> None:
        who = self.owner + stranger
        allowed = not stranger and ticket_states.CANCELLED in ticket_states.MOVES[self.status[number]]
        self.expect(
            number,
            lambda: tickets.cancel(self.session, number, resident_id=who, now=self.now),
            ticket_states.CANCELLED if allowed else None,
            NotFound if stranger else InvalidTransition,
        )

    @rule(number=numbers, solved=st.booleans())
    def confirm(self, number: str, solved: bool) -> None:
        to = ticket_states.CLOSED if solved else ticket_states.REOPENED
        self.expect(
            number,
            lambda: tickets.confirm(self.session, number, resident_id=self.owner, solved=solved, now=self.now),
            to if to in ticket_states.MOVES[self.status[number]] else None,
            InvalidTransition,
        )

    @rule(number=numbers, stars=st.integers(0, 6))
    def rate(self, number: str, stars: int) -> None:
        status = self.status[number]
        allowed = 1 <= stars <= 5 and status in ticket_states.FINISHED
        self.expect(
            number,
            lambda: tickets.rate(self.session, number, resident_id=self.owner, stars=stars, now=self.now),
            status if allowed else None,
            (InvalidValue, NotAllowed),
        )

    @rule(number=numbers)
    def urge(self, number: str) -> None:
        try:
            tickets.urge(self.session, number, resident_id=self.owner, now=self.now)
        except (NotAllowed, TooOften):
            return
        assert ticket_states.is_open(self.status[number])
        self.events[number] += 1

    @invariant()
    def database_agrees(self) -> None:
        for number, status in self.status.items():
            view = tickets.get(self.session, number)
            history = tickets.events(self.session, number)
            assert view.status == status
            assert len(history) == self.events[number]
            assert [event.at for event in history] == sorted(event.at for event in history)
            moves = [(event.from_status, event.to_status) for event in history if event.to_status]
            assert moves[0] == (None, ticket_states.NEW)
            assert all(before[1] == after[0] for before, after in pairwise(moves))
            assert moves[-1][1] == status

    def expect(
        self,
        number: str,
        act: Callable[[], tickets.TicketView],
        status: str | None,
        refusal: type[CommunityError] | tuple[type[CommunityError], ...],
    ) -> None:
        """act leads to the status, or is refused (None) and then changes nothing."""
        if status is None:
            with pytest.raises(refusal):
                act()
            return
        assert act().status == status
        self.status[number] = status
        self.events[number] += 1

    def teardown(self) -> None:
        if hasattr(self, "session"):
            self.session.close()
            self.database.dispose()


TicketLife.TestCase.settings = settings(
    max_examples=25, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
)
test_random_lives_of_tickets = TicketLife.TestCase
