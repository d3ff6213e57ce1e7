"""Claims what is due in the outbox and delivers it; what fails is due again later (core: notifications)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime

from bot.community import notifications
from bot.community.database import Database
from bot.community.notifications import NotificationView
from bot.dispatcher.delivery import Delivery, NotDelivered
from bot.dispatcher.sms import SmsNotSent
from bot.dispatcher.wording import NoWords

logger = logging.getLogger(__name__)

BATCH = 20


class Outbox:
    """Delivers in batches; several processes may do so at once, each with its own worker name."""

    def __init__(self, database: Database, delivery: Delivery, worker: str, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._delivery = delivery
        self._worker = worker
        self._clock = clock

    async def deliver_due(self) -> int:
        """Deliver one batch; returns how many notifications it held."""
        batch = await self._database.run(notifications.claim, self._worker, BATCH, now=self._clock())
        await asyncio.gather(*(self._deliver(each) for each in batch))
        return len(batch)

    async def _deliver(self, notification: NotificationView) -> None:
        try:
            await self._delivery.deliver(notification)
        except NoWords as error:
            await self._fail(notification, f"no text for {error}", permanent=True)
        except (NotDelivered, SmsNotSent) as error:
            await self._fail(notification, str(error))
        except Exception as error:  # the edge: one bad notification must not hold up the others
            logger.exception("notification %s failed", notification.key)
            await self._fail(notification, repr(error))
        else:
            await self._database.run(notifications.delivered, notification.id, now=self._clock())

    async def _fail(self, notification: NotificationView, why: str, *, permanent: bool = False) -> None:
        logger.warning("notification %s (attempt %s): %s", notification.key, notification.attempts, why)
        await self._database.run(notifications.failed, notification.id, why, now=self._clock(), permanent=permanent)
