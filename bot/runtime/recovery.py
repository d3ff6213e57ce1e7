"""Messages that a killed process took and left unanswered: answered by the next one, through the resident's channel."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, timedelta, timezone
from typing import Protocol, runtime_checkable

from rasa.core.channels.channel import InputChannel
from sanic import Sanic

from bot.channels.intake import Inbound, Intake
from bot.community import received
from bot.community.database import Database
from bot.community.received import Unanswered

logger = logging.getLogger(__name__)

SWEEP_SECONDS = 15.0


@runtime_checkable
class Recovering(Protocol):
    """A channel that answers a lost message in its own way: its platform may deliver it again as well."""

    async def recover(self, lost: Unanswered) -> None: ...


def install(app: Sanic, database: Database, *, sole_server: bool) -> None:
    """Sweep when the server has started, then every SWEEP_SECONDS.

    sole_server: no other process can be working on a message, so that the first sweep need not wait for its lease.
    """

    @app.after_server_start
    async def start(app: Sanic, loop: asyncio.AbstractEventLoop) -> None:
        app.ctx.recovery = asyncio.create_task(_sweep_for_ever(app, database, sole_server))

    @app.before_server_stop
    async def stop(app: Sanic, loop: asyncio.AbstractEventLoop) -> None:
        app.ctx.recovery.cancel()


async def sweep(intake: Intake, channels: list[InputChannel], database: Database, *, older_than: timedelta) -> int:
    """Answer what was left unanswered for so long; returns how many messages that were."""
    found = await database.read(received.unanswered, now=datetime.now(timezone.utc), older_than=older_than)
    for message in found:
        logger.warning("answering message %s of %s again", message.message_key, message.sender_id)
        await _answer(intake, channels, message)
    return len(found)


async def _answer(intake: Intake, channels: list[InputChannel], message: Unanswered) -> None:
    name = message.sender_id.partition(":")[0]
    channel = next((each for each in channels if each.name() == name), None)
    if isinstance(channel, Recovering):
        await channel.recover(message)
        return
    attachments = list(message.attachments or [])
    replies = await intake.take(Inbound(message.sender_id, message.text, name, message.message_key, attachments))
    output = channel.get_output_channel() if channel else None
    if output is not None:
        for reply in replies:
            await output.send_response(message.sender_id, dict(reply))


async def _sweep_for_ever(app: Sanic, database: Database, sole_server: bool) -> None:
    older_than = timedelta(0) if sole_server else received.LEASE
    while True:
        try:
            await sweep(app.ctx.intake, app.ctx.input_channels, database, older_than=older_than)
        except Exception:  # the edge: one bad message or a busy database must not end the sweeps
            logger.exception("recovering unanswered messages failed; trying again in %s s", SWEEP_SECONDS)
        older_than = received.LEASE
        await asyncio.sleep(SWEEP_SECONDS)
