"""The HTTP side that the Official Account and WeCom share: one address, verified by GET, delivered to by POST."""

from __future__ import annotations

import logging
from abc import abstractmethod
from typing import Any

from rasa.core.channels.channel import InputChannel
from sanic import Blueprint, Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.intake import Intake
from bot.channels.wechat import messages, replies
from bot.channels.wechat.answering import Answering
from bot.channels.wechat.api import WeChatApi
from bot.channels.wechat.callback import Delivery, Gate, Refused
from bot.channels.wechat.courier import Courier
from bot.channels.wechat.messages import Message, NotForUs
from bot.channels.wechat.sending import Sender
from bot.channels.wechat.turns import Reader
from bot.community.database import Database
from bot.community.received import Unanswered

logger = logging.getLogger(__name__)


class CallbackChannel(InputChannel):
    """A channel whose platform delivers by callback and takes late answers by its API."""

    def __init__(
        self, database: Database, gate: Gate, sender: Sender, api: WeChatApi, *, answer_seconds: float
    ) -> None:
        self.database = database
        self.sender = sender
        self._gate = gate
        self._api = api
        self._answer_seconds = answer_seconds
        self._answering: Answering | None = None
        self._courier: Courier | None = None

    @abstractmethod
    def reader(self, intake: Intake) -> Reader:
        """What reads this platform's messages; asked for once, when the server starts."""

    async def note(self, message: Message) -> None:
        """An event that nobody answers."""

    async def recover(self, lost: Unanswered) -> None:
        """Answer a message that a killed process took, unless the platform's next delivery does."""
        if self._courier is not None:
            await self._courier.recover(lost)

    def blueprint(self, on_new_message: Any) -> Blueprint:
        routes = Blueprint(f"channel_{self.name()}")

        @routes.listener("before_server_start")
        async def start(app: Sanic, loop: Any) -> None:
            reader = self.reader(app.ctx.intake)
            self._courier = Courier(self.database, self.sender, reader, self.name())
            self._answering = Answering(self.database, reader, self._courier, deadline=self._answer_seconds)
            self._courier.start()

        @routes.listener("before_server_stop")
        async def stop(app: Sanic, loop: Any) -> None:
            if self._answering and self._courier:
                await self._answering.finish()
                await self._courier.stop()
            await self._api.close()

        @routes.get("/webhook")
        async def verify(request: Request) -> HTTPResponse:
            try:
                return response.text(self._gate.verify(query_of(request)))
            except Refused as refused:
                return refusal(refused)

        @routes.post("/webhook")
        async def receive(request: Request) -> HTTPResponse:
            try:
                delivery = self._gate.open(query_of(request), request.body)
            except Refused as refused:
                return refusal(refused)
            answer = await self.answer(delivery)
            content_type = "text/xml" if answer.startswith("<") else "text/plain"
            return response.text(answer, content_type=f"{content_type}; charset=utf-8")

        return routes

    async def answer(self, delivery: Delivery) -> str:
        """The body that answers an opened delivery: sealed XML, or `success`."""
        try:
            message = messages.from_fields(delivery.fields, self.name())
        except NotForUs:
            return replies.SUCCESS
        if not message.wants_answer:
            await self.note(message)
            return replies.SUCCESS
        if self._answering is None:
            raise RuntimeError("the channel answers only inside a running server")
        text = await self._answering.answer(message)
        reply = replies.passive(text, openid=message.openid, account=message.account)
        return self._gate.seal(reply, delivery.cipher)


def query_of(request: Request) -> dict[str, str]:
    """The query's parameters, the first of each name; strange bytes are kept as they can be."""
    return {name: values[0] for name, values in request.get_args(keep_blank_values=True).items()}


def refusal(refused: Refused) -> HTTPResponse:
    """A short answer that tells an attacker nothing; the log has the reason."""
    logger.warning("a callback was refused: %s", refused.reason)
    return response.text("refused", status=refused.status)
