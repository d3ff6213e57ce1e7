"""Sending to a resident who did not just ask: by the rules of the account, the window and the quota."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Protocol

from bot.channels.wechat import messages
from bot.channels.wechat.abilities import Abilities
from bot.channels.wechat.api import WeChatApi
from bot.channels.wechat.errors import ApiError, NotDelivered, Reaction
from bot.community import sending_windows
from bot.community.clock import utcnow
from bot.community.database import Database
from bot.community.sending_windows import Window

logger = logging.getLogger(__name__)

SHORT = timedelta(minutes=1)
LONG = timedelta(hours=48)
MESSAGES_AFTER_TAP = 3

REASONS = {
    Reaction.CLOSED: "window_closed",
    Reaction.TOMORROW: "quota_used_up",
    Reaction.FORBIDDEN: "no_right",
    Reaction.GONE: "unreachable",
}


def windows(per_message: int) -> list[Window]:
    """What each kind of contact allows; per_message: the platform's figure changed from 20 to 5."""
    return [
        Window(messages.MESSAGE, per_message, LONG),
        Window(messages.MENU, MESSAGES_AFTER_TAP, SHORT),
        Window(messages.EVENT, MESSAGES_AFTER_TAP, SHORT),
    ]


@dataclass(frozen=True)
class Template:
    """The template that carries news outside the window: its id, and the key of its text."""

    id: str
    field: str
    longest: int = 20  # of a `thing` value; longer ones are refused


class Sender(Protocol):
    """Sends texts to residents by their platform's id."""

    abilities: Abilities

    async def send(self, openid: str, text: str) -> None:
        """Send one text of legal length. Raises NotDelivered."""

    async def notify(self, openid: str, text: str) -> None:
        """As send(), by another way where that is closed. Raises NotDelivered."""

    async def typing(self, openid: str) -> None:
        """Show that an answer is being written."""


class WindowedSender:
    """Sends texts within the platform's windows. abilities shrink when the platform says that a right is missing."""

    def __init__(
        self,
        api: WeChatApi,
        database: Database,
        abilities: Abilities,
        *,
        per_message: int = 5,
        template: Template | None = None,
    ) -> None:
        self._api = api
        self._database = database
        self.abilities = abilities
        self._windows = windows(per_message)
        self._template = template if abilities.templates else None

    async def send(self, openid: str, text: str) -> None:
        """Send one text of legal length within the window. Raises NotDelivered."""
        sender_id = f"{messages.CHANNEL}:{openid}"
        if not self.abilities.messages:
            raise NotDelivered("no_right", permanent=True)
        left = await self._database.read(sending_windows.remaining, sender_id, self._windows, now=utcnow())
        if left < 1:
            raise NotDelivered("window_closed")
        try:
            await self._api.send_text(openid, text)
        except ApiError as error:
            raise self._not_delivered(error) from error
        await self._database.run(sending_windows.record, sender_id, now=utcnow())

    async def notify(self, openid: str, text: str) -> None:
        """As send(); outside the window by template, where the account has one. Raises NotDelivered."""
        try:
            await self.send(openid, text)
        except NotDelivered as error:
            if self._template is None or error.reason not in ("window_closed", "no_right"):
                raise
            await self._send_template(openid, text, self._template)

    async def typing(self, openid: str) -> None:
        """Show the resident that an answer is being written."""
        if self.abilities.messages:
            await self._api.typing(openid)

    async def _send_template(self, openid: str, text: str, template: Template) -> None:
        short = text if len(text) <= template.longest else text[: template.longest - 1] + "…"
        key = hashlib.sha256(f"{openid}:{text}".encode()).hexdigest()
        try:
            await self._api.send_template(openid, template.id, {template.field: short}, key=key)
        except ApiError as error:
            raise self._not_delivered(error) from error

    def _not_delivered(self, error: ApiError) -> NotDelivered:
        if error.reaction is Reaction.FORBIDDEN and error.call.startswith("message/custom"):
            logger.error("customer-service messages are switched off: %s", error)
            self.abilities = replace(self.abilities, messages=False)
        elif error.reaction in (Reaction.OPERATOR, Reaction.BUG):
            logger.error("a message could not be sent: %s", error)
        reason = REASONS.get(error.reaction, "platform")
        return NotDelivered(reason, permanent=error.reaction in (Reaction.GONE, Reaction.FORBIDDEN))
