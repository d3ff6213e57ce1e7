"""Brings what the log holds to every open page of a resident. The log is the truth; pages know a message by its id."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

from rasa.core.channels.channel import OutputChannel
from socketio import AsyncServer

from bot.channels.web_messages import shown
from bot.channels.web_session import CHANNEL
from bot.community import conversations
from bot.community.database import Database

PAGE = 30
REMEMBERED = 10_000  # residents whose last delivered message this process knows


class Delivery:
    """Pushes to the room of a sender id; nobody in it means that the history will tell."""

    def __init__(self, server: AsyncServer, database: Database) -> None:
        self._server = server
        self._database = database
        self._last: OrderedDict[str, int] = OrderedDict()

    async def push(self, sender_id: str) -> None:
        """Send what was logged since the last push. May repeat messages, never leaves one out."""
        after = self._last.get(sender_id)
        messages = await self.page(sender_id, after=after)
        if not messages:
            return
        self._last[sender_id] = messages[-1]["id"]
        self._last.move_to_end(sender_id)
        if len(self._last) > REMEMBERED:
            self._last.popitem(last=False)
        await self._server.emit("messages", messages, room=sender_id)

    async def page(
        self, sender_id: str, *, before: int | None = None, after: int | None = None
    ) -> list[dict[str, Any]]:
        """A page of the sender's history."""
        found = await self._database.read(conversations.history, sender_id, before=before, after=after, limit=PAGE)
        return [shown(message) for message in found]

    async def typing(self, sender_id: str, active: bool) -> None:
        """Show or hide the dots in every open page."""
        await self._server.emit("typing", active, room=sender_id)


class WebOutput(OutputChannel):
    """Words from outside a turn: staff's, notifications'. They are in the log before they come here."""

    def __init__(self, delivery: Delivery) -> None:
        self._delivery = delivery

    @classmethod
    def name(cls) -> str:
        return CHANNEL

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        await self._delivery.push(recipient_id)
