"""One turn of a conversation, as actions need it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timezone
from functools import cached_property
from typing import Any

from rasa_sdk import Tracker

from bot.community import residents
from bot.community.database import Database
from bot.community.residents import ResidentView
from bot.wiring import database


@dataclass(frozen=True)
class Turn:
    """The resident's latest message with what was understood of it, and the slots before it."""

    tracker: Tracker

    @property
    def sender_id(self) -> str:
        return str(self.tracker.sender_id)

    @property
    def text(self) -> str:
        return str(self.tracker.latest_message.get("text") or "")

    @property
    def intent(self) -> str:
        return str((self.tracker.latest_message.get("intent") or {}).get("name") or "")

    @cached_property
    def triage(self) -> dict[str, Any]:
        """The triage object of DESIGN.md, section 3."""
        return self.tracker.latest_message.get("triage") or {}

    @property
    def category(self) -> str | None:
        return self.triage.get("category")

    @property
    def domain(self) -> str | None:
        return self.triage.get("domain")

    @property
    def confidence(self) -> float:
        return float(self.triage.get("confidence") or 0.0)

    @property
    def entities(self) -> dict[str, Any]:
        return self.triage.get("entities") or {}

    @property
    def metadata(self) -> dict[str, Any]:
        return self.tracker.latest_message.get("metadata") or {}

    @property
    def key(self) -> str:
        """Identifies this message for ever: what it causes is caused once."""
        message_id = self.metadata.get("message_id") or self.tracker.latest_message.get("message_id")
        return f"{self.sender_id}:{message_id}"

    @property
    def attachments(self) -> list[dict[str, Any]]:
        return list(self.metadata.get("attachments") or [])

    @property
    def photos(self) -> list[str]:
        """Ids of the photos sent with this message."""
        return [str(item["id"]) for item in self.attachments if item.get("kind") == "image" and item.get("id")]

    @property
    def location(self) -> tuple[float, float] | None:
        """Latitude and longitude sent with this message."""
        for item in self.attachments:
            if item.get("kind") == "location" and "lat" in item and "lon" in item:
                return float(item["lat"]), float(item["lon"])
        return None

    def slot(self, name: str) -> Any:
        return self.tracker.get_slot(name)

    @property
    def database(self) -> Database:
        return database()

    @property
    def now(self) -> datetime:
        return datetime.now(timezone.utc)

    async def resident(self) -> ResidentView:
        """Who is writing; made known on first sight."""
        return await self.database.run(residents.resolve, self.sender_id, now=self.now)
