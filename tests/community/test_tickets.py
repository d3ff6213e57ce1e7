from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.community import notifications, residents, tickets
from bot.community.errors import (
    InvalidTransition,
    InvalidValue,
    NotAllowed,
    NotFound,
    TooOften,
    UnknownCategory,
)
from bot.community.models.notifications import Notification
from bot.community.models.tickets import Ticket
from tests.community.factories import a_draft, a_resident

WAY_TO_CLOSED = ("accepted", "dispatched", "in_progress", "resolved", "closed")


def opened(session: Session, now: datetime, key: str = "web:r1:m1", **values: object) -> tickets.TicketView:
    return tickets.open_ticket(session, a_draft(**values), key=key, now=now)


def walk(session: Session, number: str, now: datetime, *, to: str) -> None:
    for status in WAY_TO_CLOSED[: WAY_TO_CLOSED.index(to) + 1]:
        tickets.change_status(session, number, status, actor="staff:1", now=now)


def kinds_queued(session: Session, recipient: str) -> list[str]:
    query = select(Notification.kind).where(Notification.recipient == recipient).order_by(Notification.id)
    return list(session.scalars(query))


def test_resent_message_opens_one_ticket(session: Session, now: datetime) -> None:
    first = opened(session, now)
    assert opened(session, now).number == first.number
    assert session.scalar(select(func.count()).select_from(Ticket)) == 1
    assert kinds_queued(session, notifications.STAFF_ALL) == ["ticket_opened"]
    assert [event.kind for event in tickets.events(session, first.number)] == ["opened"]


def test_number_tells_kind_local_day_and_sequence(session: Session, now: datetime) -> None:
    late_in_utc = datetime.fromisoformat("2026-11-23T17:30:00+00:00")  # already the 24th in Shanghai
    assert opened(session, now).number == "WY20261123-0001"
    assert opened(session, now, key="b").number == "WY20261123-0002"
    assert opened(session, late_in_utc, key="c").number == "WY20261124-0001"
    assert opened(session, now, key="d", category="meals").number == "BM20261123-0001"
    assert opened(session, now, key="e", category="elderly_benefits").number == "BS20261123-0001"
    assert opened(session, now, key="f", category="mediation").number == "ZX20261123-0001"


def test_sequence_grows_past_four_digits(session: Session, now: datetime) -> None:
    first = opened(session, now)
    from bot.community.models.tickets import Counter

    session.query(Counter).update({"value": 9999})
    assert opened(session, now, key="b").number == "WY20261123-10000"
    assert first.number < "WY20261123-10000"


def test_ticket_keeps_what_the_resident_said(session: Session, now: datetime) -> None:
    draft = {"building": "3", "unit": "2", "room": "501", "name": "王女士", "phone": "13900001234", "urgency": "urgent"}
    view = opened(session, now, photos=["a" * 64], compound_text="阳光花园", **draft)
    assert tickets.get(session, view.number) == view
    assert {name: getattr(view, name) for name in draft} == draft
    assert view.respond_by == now + timedelta(hours=1)
    assert view.resolve_by == now + timedelta(hours=24)
    assert view.resident_id == residents.resolve(session, "web:r1", now=now).id


def test_nothing_a_resident_sends_loses_the_ticket(session: Session, now: datetime) -> None:
    view = opened(
        session, now, description="水\x00管\ud83d" + "漏" * 50_000, building="三" * 99, name="王" * 500, key="k" * 2000
    )
    again = opened(session, now, key="k" * 2000)
    other = opened(session, now, key="k" * 2000 + "2")
    assert view.description.startswith("水管漏")
    assert again.number == view.number != other.number


def test_compound_unknown_to_the_catalogue_is_kept(session: Session, now: datetime) -> None:
    assert opened(session, now, compound_id="nowhere", building="3").compound_id == "nowhere"


def test_refuses_unknown_ids_and_psychology(session: Session, now: datetime) -> None:
    with pytest.raises(UnknownCategory):
        opened(session, now, category="no_such")
    with pytest.raises(InvalidValue, match="unknown_urgency"):
        opened(session, now, urgency="now!!")
    with pytest.raises(InvalidValue, match="needs_referral"):
        opened(session, now, category="grief_trauma")


def test_anonymous_ticket_keeps_no_name(session: Session, now: datetime) -> None:
    assert opened(session, now, anonymous=True, name="王女士").name is None


def test_ticket_from_elsewhere_tells_the_resident(session: Session, now: datetime) -> None:
    opened(session, now, source="desk")
    assert kinds_queued(session, "web:r1") == ["ticket_opened"]


def test_every_move_is_an_event_and_a_notice(session: Session, now: datetime) -> None:
    number = opened(session, now).number
    walk(session, number, now, to="closed")
    moves = [(event.from_status, event.to_status) for event in tickets.events(session, number)]
    assert moves == list(zip((None, "new", *WAY_TO_CLOSED), ("new", *WAY_TO_CLOSED), strict=False))
    assert kinds_queued(session, "web:r1") == ["ticket_status"] * 5
    view = tickets.get(session, number)
    assert view.responded_at == view.resolved_at == view.closed_at == now


@pytest.mark.parametrize("to", ["dispatched", "in_progress", "resolved", "closed", "new", "reopened", "nonsense"])
def test_refuses_what_the_table_does_not_allow(session: Session, now: datetime, to: str) -> None:
    number = opened(session, now).number
    with pytest.raises(InvalidTransition):
        tickets.change_status(session, number, to, actor="staff:1", now=now)
    assert len(tickets.events(session, number)) == 1


def test_residents_see_only_their_own(session: Session, now: datetime) -> None:
    number = opened(session, now).number
    owner, stranger = a_resident(session, now), a_resident(session, now, "web:other")
    assert tickets.get(session, number, resident_id=owner).number == number
    for call in (
        lambda: tickets.get(session, number, resident_id=stranger),
        lambda: tickets.events(session, number, resident_id=stranger),
        lambda: tickets.cancel(session, number, resident_id=stranger, now=now),
        lambda: tickets.amend(session, number, resident_id=stranger, text="x", now=now),
        lambda: tickets.urge(session, number, resident_id=stranger, now=now),
        lambda: tickets.rate(session, number, resident_id=stranger, stars=1, now=now),
        lambda: tickets.reopen(session, number, resident_id=stranger, now=now),
        lambda: tickets.add_photo(session, number, resident_id=stranger, photo_id="p", now=now),
    ):
        with pytest.raises(NotFound):
            call()
    assert tickets.list_own(session, stranger) == []


def test_own_tickets_newest_first(session: Session, now: datetime) -> None:
    numbers = [opened(session, now, key=str(key)).number for key in range(4)]
    owner = a_resident(session, now)
    tickets.cancel(session, numbers[3], resident_id=owner, now=now)
    assert [view.number for view in tickets.list_own(session, owner, limit=2)] == [numbers[3], numbers[2]]
    assert [view.number for view in tickets.list_own(session, owner, open_only=True)] == numbers[2::-1]
    last = tickets.list_own(session, owner, limit=2)[-1]
    assert [view.number for view in tickets.list_own(session, owner, before=last.id)] == [numbers[1], numbers[0]]


def test_amend_corrects_and_remembers_what_it_was(session: Session, now: datetime) -> None:
    number = opened(session, now, building="3").number
    owner = a_resident(session, now)
    view = tickets.amend(session, number, resident_id=owner, text="是5栋", fields={"building": "5"}, now=now)
    assert view.building == "5"
    event = tickets.events(session, number)[-1]
    assert (event.why, event.detail) == ("是5栋", {"before": {"building": "3"}, "after": {"building": "5"}})
    with pytest.raises(InvalidValue):
        tickets.amend(session, number, resident_id=owner, fields={"status": "closed"}, now=now)


def test_urge_once_a_local_day(session: Session, now: datetime) -> None:
    number = opened(session, now).number
    owner = a_resident(session, now)
    tickets.urge(session, number, resident_id=owner, now=now)
    with pytest.raises(TooOften) as refused:
        tickets.urge(session, number, resident_id=owner, now=now + timedelta(hours=13))
    assert refused.value.again_at == datetime.fromisoformat("2026-11-24T00:00:00+08:00")
    tickets.urge(session, number, resident_id=owner, now=refused.value.again_at)


def test_finished_ticket_is_rated_not_urged(session: Session, now: datetime) -> None:
    number = opened(session, now).number
    owner = a_resident(session, now)
    with pytest.raises(NotAllowed):
        tickets.rate(session, number, resident_id=owner, stars=5, now=now)
    walk(session, number, now, to="resolved")
    with pytest.raises(InvalidValue):
        tickets.rate(session, number, resident_id=owner, stars=6, now=now)
    view = tickets.rate(session, number, resident_id=owner, stars=4, comment="师傅很快", now=now)
    assert (view.stars, view.rating_comment) == (4, "师傅很快")
    with pytest.raises(NotAllowed):
        tickets.urge(session, number, resident_id=owner, now=now)


def test_resident_decides_whether_it_is_solved(session: Session, now: datetime) -> None:
    number = opened(session, now).number
    owner = a_resident(session, now)
    walk(session, number, now, to="resolved")
    later = now + timedelta(days=1)
    view = tickets.confirm(session, number, resident_id=owner, solved=False, why="还在漏", now=later)
    assert (view.status, view.reopened_count, view.resolved_at) == ("reopened", 1, None)
    assert view.resolve_by == later + timedelta(hours=24)
    walk(session, number, later, to="resolved")
    assert tickets.confirm(session, number, resident_id=owner, solved=True, now=later).status == "closed"


def test_photos_count_once_and_up_to_a_limit(session: Session, now: datetime) -> None:
    number = opened(session, now).number
    owner = a_resident(session, now)
    for photo in ("a", "a", *"bcdefghi"):
        view = tickets.add_photo(session, number, resident_id=owner, photo_id=photo, now=now)
    assert list(view.photos) == list("abcdefghi")
    with pytest.raises(InvalidValue):
        tickets.add_photo(session, number, resident_id=owner, photo_id="j", now=now)


def test_neighbours_join_and_hear_the_end(session: Session, now: datetime) -> None:
    number = opened(session, now, category="elevator", compound_id="c1", building="3").number
    opened(session, now, key="b", category="elevator", compound_id="c1", building="4")
    neighbour = a_resident(session, now, "web:neighbour")
    query = {"compound_id": "c1", "building": "3", "category": "elevator", "now": now}
    assert [found.number for found in tickets.similar_open(session, **query)] == [number]
    for _ in range(2):
        tickets.join(session, number, neighbour, now=now)
    assert tickets.similar_open(session, **query)[0].households == 2
    tickets.change_status(session, number, "accepted", actor="staff:1", now=now)
    assert kinds_queued(session, "web:neighbour") == ["ticket_status"]
    assert tickets.similar_open(session, **{**query, "now": now + timedelta(days=3)}) == []


def test_handler_sends_back_with_a_reason(session: Session, now: datetime) -> None:
    number = opened(session, now).number
    walk(session, number, now, to="dispatched")
    tickets.assign(session, number, assignee="阳光物业", phone="0790-5550123", actor="staff:1", now=now)
    with pytest.raises(InvalidValue):
        tickets.send_back(session, number, actor="staff:2", why=" ", now=now)
    view = tickets.send_back(session, number, actor="staff:2", why="不归我们管", now=now)
    assert (view.status, view.assignee) == ("dispatched", None)
    assert tickets.events(session, number)[-1].detail == {"from": "阳光物业"}


def test_event_times_never_run_backwards(session: Session, now: datetime) -> None:
    number = opened(session, now).number
    tickets.change_status(session, number, "accepted", actor="staff:1", now=now - timedelta(hours=1))
    times = [event.at for event in tickets.events(session, number)]
    assert times == sorted(times)


def test_staff_lists_by_filters(session: Session, now: datetime) -> None:
    first = opened(session, now, community_id="c1")
    second = opened(session, now, key="b", community_id="c2", category="meals")
    unplaced = opened(session, now, key="c")

    def numbers(**filters: object) -> list[str]:
        return [view.number for view in tickets.list_tickets(session, tickets.TicketFilters(**filters))]

    assert numbers() == [unplaced.number, second.number, first.number]
    assert numbers(community_ids=["c1"]) == [unplaced.number, first.number]
    assert numbers(domain="convenience") == [second.number]
    assert numbers(status="closed") == []
    assert numbers(open_only=True, due_before=now + timedelta(hours=25)) == [unplaced.number, first.number]
