"""The five seconds: which of a message's deliveries carries the answer, or that it travels later.

The turn runs in a task of its own, because Sanic cancels the handler when the platform drops the connection. All
deliveries of a message join that task. Whoever is open when it ends carries the answer; at the deadline an account
with the right to send says `success` and sends later, one without it waits for the next delivery.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from bot.channels.wechat import replies
from bot.channels.wechat.courier import Courier
from bot.channels.wechat.messages import Message
from bot.channels.wechat.turns import Reader
from bot.channels.wechat.words import word
from bot.community import late_replies
from bot.community.clock import utcnow
from bot.community.database import Database
from bot.community.late_replies import API, KEPT, OPEN, PASSIVE, REST

logger = logging.getLogger(__name__)

DELIVERIES = 3  # what the platform makes; a fourth is answered like the third
HELD_SECONDS = 20.0  # longer than any delivery lives
GRACE = timedelta(seconds=7)  # after a broken connection: longer than until the platform's next delivery
REST_DELAY = timedelta(seconds=1)  # what follows an answer must not overtake it
REMEMBERED_SECONDS = 60.0
POLL_SECONDS = 0.3
STOP_SECONDS = 2.0


@dataclass
class Turn:
    """One message being answered in this process. carried: a delivery has taken the answer along."""

    task: asyncio.Task[list[str]]
    deliveries: int = 0
    carried: bool = False


class Answering:
    """Answers deliveries within deadline seconds."""

    def __init__(self, database: Database, reader: Reader, courier: Courier, *, deadline: float = 4.5) -> None:
        self._database = database
        self._reader = reader
        self._courier = courier
        self._deadline = deadline
        self._turns: dict[tuple[str, str], Turn] = {}
        self._tasks: set[asyncio.Task[Any]] = set()

    async def answer(self, message: Message) -> str:
        """The text for this delivery; "" when it is to be told `success`."""
        turn = self._turn(message)
        turn.deliveries += 1
        try:
            if await _ended(turn, self._deadline):
                return await self._carried(turn, message)
            if not self._courier.can_send() and turn.deliveries < DELIVERIES and await _ended(turn, HELD_SECONDS):
                return await self._carried(turn, message)
            return await self._later(turn, message)
        except asyncio.CancelledError:
            turn.carried = False
            self._spawn(self._broken(turn, message))
            raise

    async def finish(self) -> None:
        """Give the turns in work a moment; called when the server stops. The database knows what they leave."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=STOP_SECONDS)

    def _turn(self, message: Message) -> Turn:
        name = (message.sender_id, message.key)
        turn = self._turns.get(name)
        if turn is None:
            turn = self._turns[name] = Turn(self._spawn(self._texts(message)))
            loop = asyncio.get_running_loop()
            turn.task.add_done_callback(lambda _: loop.call_later(REMEMBERED_SECONDS, self._turns.pop, name, None))
        return turn

    async def _texts(self, message: Message) -> list[str]:
        """The turn's texts. The intake apologises for itself; this catches what fails around it."""
        try:
            if message.field("Content").strip() == word("continue") and await self._kept_is_ready(message):
                return []
            return await self._reader.texts(message)
        except Exception:  # the edge: never an error status, and a repeated delivery may do better
            logger.exception("message %s of %s could not be answered", message.key, message.sender_id)
            self._turns.pop((message.sender_id, message.key), None)
            return [word("trouble")]

    async def _kept_is_ready(self, message: Message) -> bool:
        """Whether there is something to read on; waits while it is being written."""
        while True:
            standing = await self._database.read(late_replies.standing, message.sender_id, message.key)
            if standing.kept or not standing.pending:
                return bool(standing.kept)
            await asyncio.sleep(POLL_SECONDS)

    async def _carried(self, turn: Turn, message: Message) -> str:
        """The answer as this delivery takes it along, unless it travels another way already."""
        turn.carried = True  # before asking: _broken() looks in the other order
        sender_id, key = message.sender_id, message.key
        standing = await self._database.read(late_replies.standing, sender_id, key)
        if standing.state == OPEN and not await self._database.run(late_replies.settle_passive, sender_id, key):
            return ""
        if standing.state not in (None, OPEN, PASSIVE):
            return ""
        if standing.kept:
            await self._database.run(late_replies.show_kept, sender_id, key)
        return await self._first(message, [*standing.kept, *turn.task.result()])

    async def _first(self, message: Message, texts: list[str]) -> str:
        """As much as one answer holds; the rest follows by the API or with the next answer."""
        first, rest = replies.take(texts)
        way = API if self._courier.can_send() else KEPT
        if rest and way == KEPT:
            more = replies.PARAGRAPH + word("more")
            first, rest = replies.take(texts, room=more)
            first += more
        if rest:
            # Without the message itself: these parts are all there is, whatever process sends them.
            key, now = message.key + REST, utcnow()
            await self._database.run(
                late_replies.begin, message.sender_id, key, way, message={}, parts=rest, now=now, wait=REST_DELAY
            )
        return first

    async def _later(self, turn: Turn, message: Message) -> str:
        """Decide that the answer comes later, and what this delivery is told."""
        decided = await self._database.run(
            late_replies.begin, message.sender_id, message.key, API, message=message.as_json(), now=utcnow()
        )
        if decided:
            turn.task.add_done_callback(partial(self._hand_over, message))
        if not self._courier.can_send():
            return word("still_working")
        self._courier.show_typing(message)
        return ""

    def _hand_over(self, message: Message, task: asyncio.Task[list[str]]) -> None:
        if not task.cancelled():
            self._courier.hand_over(message, task.result())

    async def _broken(self, turn: Turn, message: Message) -> None:
        """The connection of a delivery broke; if none comes after it, the courier sends the answer."""
        kept = message.as_json()
        await self._database.run(
            late_replies.begin, message.sender_id, message.key, OPEN, message=kept, now=utcnow(), wait=GRACE
        )
        if turn.carried:
            await self._database.run(late_replies.settle_passive, message.sender_id, message.key)

    def _spawn(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


async def _ended(turn: Turn, seconds: float) -> bool:
    done, _ = await asyncio.wait({turn.task}, timeout=seconds)
    return bool(done)
