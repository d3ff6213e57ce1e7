"""What a test puts into the database: accounts, conversations, tickets, an alarm, a referral."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from bot.community import conversations, crisis, handoff, referrals, residents, staff, tickets
from bot.community.clock import utcnow
from bot.community.conversations import NewMessage
from bot.community.crisis import Alarm
from bot.community.database import Database
from tests.community.factories import a_draft, a_referral, a_staff

LEAK = "我是阳光花园3栋2单元501的王女士，厨房水管爆了，电话13900001234"
DESPAIR = "我不想活了"


def log_in_token(database: Database, login: str, role: str, **values: object) -> tuple[int, str]:
    """An account with a name and a log-in of it: (staff id, token)."""

    def make(session: Session) -> tuple[int, str]:
        staff_id = a_staff(session, utcnow(), login, role)
        row = session.get(staff.Staff, staff_id)
        for name, value in values.items():
            setattr(row, name, value)
        return staff_id, staff.create_session(session, staff_id, now=utcnow())

    return database.call(make)


def talk(database: Database, sender_id: str, *texts: str, ago: timedelta = timedelta(), **understood: object) -> int:
    """A conversation in which the resident says these things and the bot answers each; returns the session's id."""

    def make(session: Session) -> int:
        now = utcnow() - ago
        said: list[NewMessage] = []
        for text in texts:
            said.append(NewMessage("resident", text, **understood))
            said.append(NewMessage("bot", "好的，我记下了。", [{"kind": "buttons", "value": [{"title": "转人工"}]}]))
        return conversations.append(session, sender_id, said, now=now)

    return database.call(make)


def wait(database: Database, sender_id: str, reason: str = "wish", ago: timedelta = timedelta()) -> int:
    """The resident waits for a human; returns the session's id."""
    return database.call(handoff.request, sender_id, reason=reason, now=utcnow() - ago).session_id


def alarm(database: Database, sender_id: str, text: str = DESPAIR, ago: timedelta = timedelta()) -> Alarm:
    """A crisis: its words in the log, and the alarm."""
    talk(database, sender_id, text, ago=ago, intent="crisis", category="other_psychology", crisis="crisis")
    return database.call(
        crisis.raise_alarm,
        sender_id,
        level="crisis",
        text=text,
        reasons=["phrase"],
        third_person=False,
        now=utcnow() - ago,
    )


def ticket(database: Database, sender_id: str = "web:r1", **values: object) -> str:
    """An open ticket's number."""
    key = f"{sender_id}:{values}"
    draft = a_draft(sender_id=sender_id, **values)
    return database.call(tickets.open_ticket, draft, key=key, now=utcnow()).number


def referral(database: Database, sender_id: str = "web:r1", **values: object) -> str:
    """A requested referral's number."""

    def make(session: Session) -> str:
        resident_id = residents.resolve(session, sender_id, now=utcnow()).id
        draft = a_referral(resident_id, sender_id=sender_id, **values)
        return referrals.request(session, draft, key=f"{sender_id}:referral", now=utcnow()).number

    return database.call(make)
