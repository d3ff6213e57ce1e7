"""What a message names: addresses, places, people, phones, times, tickets. One module for each; this one joins them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.nlu.entities import (
    address_parts,
    addresses,
    availability,
    compounds,
    identity,
    incidents,
    names,
    phones,
    public_places,
    tickets,
    times,
)
from bot.nlu.entities.places import Places
from bot.nlu.entities.spans import Span, span_of, take_away

__all__ = ["Entities", "Span", "extract"]


@dataclass(frozen=True)
class Entities:
    """values: the triage entities of DESIGN.md, section 3; an absent part has no key. spans: where they stand."""

    values: dict[str, Any] = field(default_factory=dict)
    spans: tuple[Span, ...] = ()


def extract(text: str, *, places: Places, now: datetime) -> Entities:
    """Everything that a normalised text names. now: aware; relative times count from it.

    The surest kinds are read first, and what they explain is hidden from the rest, so that the digits of a phone
    number can't become a room.
    """
    identities = identity.find(text)
    rest = _without(text, identities)
    numbers = tickets.find(rest)
    rest = _without(rest, numbers)
    own_phones = phones.find(rest)
    rest = _without(rest, phones.find_all(rest))
    expressions = times.find_all(rest, now=now)
    when = availability.choose(rest, expressions) or incidents.choose(rest, expressions)
    rest = _without(rest, expressions)
    address = _address(rest, places)
    public = public_places.find(rest)
    if public and any(span.entity == "room" and span.start <= public.start < span.end for span in address):
        public = None  # 3号门502 is a home
    person = names.find(_without(rest, [*address, *([public] if public else [])]), own_phones, address)
    found = [*identities[:1], *numbers[:1], *own_phones[:1], when, *address, public, person]
    spans = sorted((span for span in found if span), key=lambda span: (span.start, span.end))
    return Entities({span.entity: span.value for span in spans}, tuple(spans))


def _without(text: str, spans: Sequence[Span]) -> str:
    return take_away(text, [(span.start, span.end) for span in spans])


def _address(text: str, places: Places) -> list[Span]:
    chains = address_parts.find_chains(text)
    compound = compounds.find(text, chains, places)
    if compound:
        behind = address_parts.chain_after(text, compound.end)
        if behind and not any(chain.start < behind.end and behind.start < chain.end for chain in chains):
            chains.append(behind)
    parts, used = addresses.choose(text, chains)
    spans = [] if compound is None else [compound]
    for part, value in parts.items():
        source = next(chain for chain in reversed(used) if chain.parts.get(part) == value)
        spans.append(span_of(part, text, source.start, source.end, value))
    return spans
