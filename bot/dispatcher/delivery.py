"""Delivering one notification: to a resident through Rasa, so that the conversation log is whole, or to a phone."""

from __future__ import annotations

import asyncio
from typing import Protocol

import aiohttp
from yarl import URL

from bot.community.notifications import NotificationView
from bot.dispatcher.sms import SmsSender
from bot.dispatcher.wording import word

SMS = "sms"


class NotDelivered(Exception):
    """The other side did not take the message; worth another try."""


class Delivery(Protocol):
    """Sends a notification. Raises NotDelivered, NoWords."""

    async def deliver(self, notification: NotificationView) -> None: ...


class RasaDelivery:
    """Says it as the bot, through the channel that the recipient's id names.

    The notification's key goes with the event: Rasa's side stores a repeated one once.
    """

    def __init__(self, session: aiohttp.ClientSession, url: str, token: str) -> None:
        self._session = session
        self._url = URL(url)
        self._headers = {"Authorization": f"Bearer {token}"}

    async def deliver(self, notification: NotificationView) -> None:
        channel = notification.recipient.partition(":")[0]
        event = {
            "event": "bot",
            "text": word(notification),
            "metadata": {"key": notification.key, "notification": notification.kind},
        }
        path = self._url / "conversations" / notification.recipient / "tracker" / "events"
        address = path.with_query(output_channel=channel, execute_side_effects="true")
        try:
            async with self._session.post(address, json=event, headers=self._headers) as response:
                if response.status != 200:
                    raise NotDelivered(f"Rasa answered {response.status}: {(await response.text())[:200]}")
        except (aiohttp.ClientError, asyncio.TimeoutError) as error:
            raise NotDelivered(f"Rasa could not be reached: {error!r}") from error


class SmsDelivery:
    """Sends it to the phone in "sms:<phone>"."""

    def __init__(self, sender: SmsSender) -> None:
        self._sender = sender

    async def deliver(self, notification: NotificationView) -> None:
        phone = notification.recipient.partition(":")[2]
        await self._sender.send(phone, word(notification), key=notification.key)


class ByRecipient:
    """Picks the way by the recipient."""

    def __init__(self, residents: Delivery, phones: Delivery) -> None:
        self._residents = residents
        self._phones = phones

    async def deliver(self, notification: NotificationView) -> None:
        to_phone = notification.recipient.startswith(f"{SMS}:")
        await (self._phones if to_phone else self._residents).deliver(notification)
