"""Messages that a killed process took and left unanswered: answered by the next one, through the resident's channel."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, timedelta, timezone

from rasa.core.channels.channel import InputChannel, OutputChannel
from sanic import Sanic

from bot.channels.intake import Inbound, Intake
from bot.community import received
from bot.community.database import Database

logger = logging.getLogger(__name__)

SWEEP_SECONDS = 15.0


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
        channel = message.sender_id.partition(":")[0]
        own = _channel(channels, channel)
        if hasattr(own, "recover"):
            # Its platform may deliver the message again itself; the channel sees to it that one answer goes out.
            await own.recover(message)
            continue
        replies = await intake.take(Inbound(message.sender_id, message.text, channel, message.message_key))
        output = _output(channels, channel)
        if output is None:
            continue
        for reply in replies:
            await output.send_response(message.sender_id, dict(reply))
    return len(found)


async def _sweep_for_ever(app: Sanic, database: Database, sole_server: bool) -> None:
    older_than = timedelta(0) if sole_server else received.LEASE
    while True:
        try:
            await sweep(app.ctx.intake, app.ctx.input_channels, database, older_than=older_than)
        except Exception:  # the edge: one bad message or a busy database must not end the sweeps
            logger.exception("recovering unanswered messages failed; trying again in %s s", SWEEP_SECONDS)
        older_than = received.LEASE
        await asyncio.sleep(SWEEP_SECONDS)


def _output(channels: list[InputChannel], name: str) -> OutputChannel | None:
    found = _channel(channels, name)
    return found.get_output_channel() if found else None


def _channel(channels: list[InputChannel], name: str) -> InputChannel | None:
    return next((channel for channel in channels if channel.name() == name), None)
