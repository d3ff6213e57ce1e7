"""Carries the answers that could not go out with the resident's own request; takes over what a dead process left."""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections.abc import Coroutine, Sequence
from datetime import timedelta
from typing import Any

from bot.channels.wechat import messages, replies
from bot.channels.wechat.errors import NotDelivered
from bot.channels.wechat.messages import CHANNEL, Message
from bot.channels.wechat.sending import Sender
from bot.channels.wechat.turns import Reader
from bot.community import late_replies
from bot.community.clock import utcnow
from bot.community.database import Database
from bot.community.late_replies import API, LateReplyView
from bot.community.received import Unanswered

logger = logging.getLogger(__name__)

TICK_SECONDS = 2.0
STOP_SECONDS = 2.0
TICKS_BETWEEN_TIDYING = 1800
KEPT_FOR = timedelta(days=3)
LONGEST_DELAY = timedelta(minutes=10)
MOST_ATTEMPTS = 12


class Courier:
    """Sends late answers, in order for each resident."""

    def __init__(self, database: Database, sender: Sender, reader: Reader, channel: str = CHANNEL) -> None:
        self._database = database
        self._sender = sender
        self._reader = reader
        self._channel = channel
        self._locks: dict[str, tuple[asyncio.Lock, int]] = {}
        self._tasks: dict[tuple[str, str, str], asyncio.Task[None]] = {}
        self._ticking: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to look for what is due."""
        self._ticking = asyncio.create_task(self._tick())

    async def stop(self) -> None:
        """Give what is being sent a moment; the rest stays in the database."""
        if self._ticking:
            self._ticking.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks.values(), timeout=STOP_SECONDS)

    def can_send(self) -> bool:
        """Whether a late answer can travel by itself; otherwise it goes along with the answer to the next message."""
        return self._sender.abilities.messages

    def hand_over(self, message: Message, parts: Sequence[str]) -> None:
        """The turn whose answer is late has ended: send the parts, or keep them."""
        self._spawn(("late", message.sender_id, message.key), self._begin(message.sender_id, message.key, parts))

    def show_typing(self, message: Message) -> None:
        """Tell the resident that an answer is on its way."""
        self._spawn(("typing", message.sender_id, ""), self._sender.typing(message.openid))

    async def carry_due(self) -> None:
        """One look at what is due."""
        if await self._database.read(late_replies.has_due, now=utcnow()):
            for due in await self._database.run(late_replies.claim_due, self._channel, now=utcnow()):
                self._spawn(("due", due.sender_id, due.message_key), self._take_over(due))

    async def _take_over(self, due: LateReplyView) -> None:
        """Another process decided to send this answer and did not come to the end."""
        if due.parts is not None:
            await self._carry(due.sender_id, due.message_key, due.parts, attempts=due.attempts)
        else:
            parts = await self._reader.texts(messages.from_fields(due.message, self._channel))
            await self._begin(due.sender_id, due.message_key, parts)

    async def recover(self, lost: Unanswered) -> None:
        """Answer a message that a dead process took and never answered."""
        message = Message(
            openid=lost.sender_id.partition(":")[2],
            account="",
            kind="text",
            key=lost.message_key,
            fields={"Content": lost.text},
            channel=self._channel,
        )
        # The platform may be trying again at this moment: whoever decides first how the answer travels carries it.
        parts = await self._reader.texts(message)
        if await self._database.run(
            late_replies.begin, message.sender_id, message.key, API, message={}, parts=parts, now=utcnow()
        ):
            await self._carry(message.sender_id, message.key, parts)

    async def _begin(self, sender_id: str, key: str, parts: Sequence[str]) -> None:
        if await self._database.run(late_replies.start, sender_id, key, parts, now=utcnow()):
            await self._carry(sender_id, key, parts)

    async def _carry(self, sender_id: str, key: str, parts: Sequence[str], *, attempts: int = 0) -> None:
        """Send the parts, after whatever is being sent to this resident."""
        lock, users = self._locks.get(sender_id, (asyncio.Lock(), 0))
        self._locks[sender_id] = (lock, users + 1)
        try:
            async with lock:
                await self._send(sender_id, key, list(parts), attempts)
        finally:
            lock, users = self._locks.pop(sender_id)
            if users > 1:
                self._locks[sender_id] = (lock, users - 1)

    async def _send(self, sender_id: str, key: str, parts: list[str], attempts: int) -> None:
        while parts:
            first, rest = replies.take(parts)
            try:
                await self._sender.send(sender_id.partition(":")[2], first)
            except NotDelivered as error:
                await self._put_off(sender_id, key, parts, attempts, error)
                return
            parts = rest
            await self._database.run(late_replies.progress, sender_id, key, parts, now=utcnow())

    async def _put_off(self, sender_id: str, key: str, parts: list[str], attempts: int, error: NotDelivered) -> None:
        logger.info("an answer for %s is put off: %s", sender_id, error.reason)
        if error.reason == "unreachable":
            await self._database.run(late_replies.give_up, sender_id, key)
        elif error.reason == "platform" and attempts < MOST_ATTEMPTS:
            at = utcnow() + _delay(attempts)
            await self._database.run(late_replies.try_again, sender_id, key, at=at)
        else:
            await self._database.run(late_replies.keep, sender_id, key, parts)

    async def _tick(self) -> None:
        for tick in itertools.count():
            try:
                await self.carry_due()
                if tick % TICKS_BETWEEN_TIDYING == 0:
                    await self._database.run(late_replies.tidy, before=utcnow() - KEPT_FOR)
            except Exception:  # the edge: one bad row or a busy database must not stop the others for ever
                logger.exception("late answers could not be carried")
            await asyncio.sleep(TICK_SECONDS)

    def _spawn(self, name: tuple[str, str, str], work: Coroutine[Any, Any, None]) -> None:
        """Run the work in a task of its own; the same work only once at a time."""
        if name in self._tasks:
            work.close()
            return
        task = self._tasks[name] = asyncio.create_task(_logged(work))
        task.add_done_callback(lambda _: self._tasks.pop(name, None))


async def _logged(work: Coroutine[Any, Any, None]) -> None:
    try:
        await work
    except Exception:  # the edge of a background task; the database still knows what is to be done
        logger.exception("a late answer could not be carried")


def _delay(attempts: int) -> timedelta:
    return min(timedelta(seconds=2 * 2**attempts), LONGEST_DELAY)
