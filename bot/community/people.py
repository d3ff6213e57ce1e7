"""能人库: find the person who can help."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bot.community import opening_hours
from bot.community.clock import local_date
from bot.community.errors import NotFound
from bot.community.models.people import Person


@dataclass(frozen=True)
class Certificate:
    name: str
    number: str | None
    expires: date | None

    def is_valid(self, day: date) -> bool:
        return self.expires is None or self.expires >= day


@dataclass(frozen=True)
class PersonView:
    """availability is in the notation of opening_hours; availability_text is its Chinese."""

    id: str
    name: str
    role: str
    title: str | None
    skills: tuple[str, ...]
    topics: tuple[str, ...]
    sex: str | None
    languages: tuple[str, ...]
    certificates: tuple[Certificate, ...]
    community_id: str | None
    availability: str | None
    availability_text: str
    phone: str | None
    bookable: bool
    max_per_day: int | None
    intro: str


def find(
    session: Session,
    *,
    role: str | None = None,
    topic: str | None = None,
    sex: str | None = None,
    language: str | None = None,
    community_id: str | None = None,
    at: datetime | None = None,
    limit: int = 5,
) -> list[PersonView]:
    """People who meet every condition given; those of the own community first, then those with the fewest topics.

    at: a moment at which the person is available and holds a certificate that has not expired (if they have any).
    """
    query = select(Person).order_by(Person.id)
    if role is not None:
        query = query.where(Person.role == role)
    if sex is not None:
        query = query.where(Person.sex == sex)
    if community_id is not None:
        query = query.where(or_(Person.community_id == community_id, Person.community_id.is_(None)))
    found = [_view(person) for person in session.scalars(query)]
    fitting = [person for person in found if _fits(person, topic, language, at)]
    fitting.sort(key=lambda person: (person.community_id is None, len(person.topics), person.id))
    return fitting[:limit]


def get(session: Session, person_id: str) -> PersonView:
    """Raises NotFound."""
    person = session.get(Person, person_id)
    if person is None:
        raise NotFound("person", person_id)
    return _view(person)


def _fits(person: PersonView, topic: str | None, language: str | None, at: datetime | None) -> bool:
    if topic is not None and topic not in person.topics:
        return False
    if language is not None and language not in person.languages:
        return False
    return at is None or _is_available(person, at)


def _is_available(person: PersonView, at: datetime) -> bool:
    if person.availability and not opening_hours.is_open(person.availability, at):
        return False
    return not person.certificates or any(each.is_valid(local_date(at)) for each in person.certificates)


def _view(person: Person) -> PersonView:
    return PersonView(
        id=person.id,
        name=person.name,
        role=person.role,
        title=person.title,
        skills=tuple(person.skills),
        topics=tuple(person.topics),
        sex=person.sex,
        languages=tuple(person.languages),
        certificates=tuple(
            Certificate(
                each["name"], each.get("number"), date.fromisoformat(each["expires"]) if each.get("expires") else None
            )
            for each in person.certificates
        ),
        community_id=person.community_id,
        availability=person.availability,
        availability_text=opening_hours.describe(person.availability) if person.availability else "",
        phone=person.phone,
        bookable=person.bookable,
        max_per_day=person.max_per_day,
        intro=person.intro or "",
    )
