"""What `python -m bot dispatcher` runs: the outbox and the watches, until told to stop."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import socket
from collections.abc import Awaitable, Callable

import aiohttp

from bot import settings, wiring
from bot.community.clock import utcnow
from bot.community.database import Database
from bot.dispatcher import watches
from bot.dispatcher.delivery import ByRecipient, RasaDelivery, SmsDelivery
from bot.dispatcher.outbox import BATCH, Outbox
from bot.dispatcher.sms import GatewaySms, LoggedSms, SmsSender
from bot.runtime import logs
from bot.settings import VAR, Settings

logger = logging.getLogger(__name__)

IDLE_SECONDS = 1.0
ALARM_SECONDS = 15.0
TICKET_SECONDS = 60.0
REQUEST_SECONDS = 30
HEARTBEAT = VAR / "dispatcher.heartbeat"


def run() -> None:
    """Serve until SIGTERM or SIGINT."""
    logs.configure()
    asyncio.run(_run(settings.load(), wiring.database()))


async def _run(config: Settings, database: Database) -> None:
    stopping = asyncio.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(each, stopping.set)
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=REQUEST_SECONDS)) as session:
        delivery = ByRecipient(
            RasaDelivery(session, config.local_rasa_url(), config.bot_api_token.get_secret_value()),
            SmsDelivery(_sms(config, session)),
        )
        outbox = Outbox(database, delivery, f"{socket.gethostname()}:{os.getpid()}", utcnow)
        logger.info("dispatcher started")
        await asyncio.gather(
            repeat(lambda: _deliver(outbox), IDLE_SECONDS, stopping),
            repeat(lambda: watches.escalate_alarms(database, utcnow()), ALARM_SECONDS, stopping),
            repeat(lambda: watches.watch_tickets(database, utcnow()), TICKET_SECONDS, stopping),
        )
    database.dispose()


async def repeat(work: Callable[[], Awaitable[None]], seconds: float, stopping: asyncio.Event) -> None:
    """Do the work again and again, `seconds` apart, until stopping; a failure is logged and does not end it."""
    while not stopping.is_set():
        try:
            await work()
        except Exception:  # the edge: a busy or restarting database must not end the watch over alarms
            logger.exception("failed; trying again in %s s", seconds)
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(stopping.wait(), seconds)


async def _deliver(outbox: Outbox) -> None:
    HEARTBEAT.touch()
    while await outbox.deliver_due() == BATCH:
        pass


def _sms(config: Settings, session: aiohttp.ClientSession) -> SmsSender:
    if config.sms_url:
        return GatewaySms(session, config.sms_url, config.sms_token.get_secret_value())
    return LoggedSms()
