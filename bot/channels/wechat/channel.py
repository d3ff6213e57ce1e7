"""The Rasa channel: GET and POST /webhooks/wechat/webhook, and the way out without a request."""

from __future__ import annotations

import logging
from typing import Any

from rasa.core.channels.channel import InputChannel, OutputChannel
from sanic import Blueprint, Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.wechat import abilities, callback, messages, replies
from bot.channels.wechat.answering import Answering
from bot.channels.wechat.api import WeChatApi
from bot.channels.wechat.callback import Gate, Refused
from bot.channels.wechat.courier import Courier
from bot.channels.wechat.crypto import MessageCipher
from bot.channels.wechat.leaving import forget
from bot.channels.wechat.media import MediaStore
from bot.channels.wechat.messages import CHANNEL, LEAVING, TEMPLATE_OUTCOME, Message, NotForUs
from bot.channels.wechat.output import WeChatOutput
from bot.channels.wechat.sending import Sender, Template
from bot.channels.wechat.turns import Reader
from bot.community.clock import utcnow
from bot.community.database import Database
from bot.community.received import Unanswered
from bot.problems import Problem
from bot.settings import Settings

logger = logging.getLogger(__name__)

CHOICES = {
    "wechat_account_kind": tuple(abilities.KINDS),
    "wechat_buttons": ("links", "text"),
    "wechat_token_kind": ("stable", "classic"),
}


class WeChatChannel(InputChannel):
    """The Official Account. Build it with from_settings(); the server's app.ctx.intake answers the residents."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self._settings = settings
        self._database = database
        self._links = settings.wechat_buttons == "links"
        self._api = WeChatApi(
            settings.wechat_app_id,
            settings.wechat_app_secret.get_secret_value(),
            database,
            base=settings.wechat_api_base,
            stable=settings.wechat_token_kind == "stable",  # noqa: S105
        )
        self._abilities = abilities.KINDS[settings.wechat_account_kind]
        template = Template(settings.wechat_template_id, settings.wechat_template_field)
        self._sender = Sender(
            self._api,
            database,
            self._abilities,
            per_message=settings.wechat_messages_per_window,
            template=template if template.id else None,
        )
        self._gate = Gate(
            settings.wechat_token.get_secret_value(),
            _ciphers(settings),
            fresh_seconds=settings.wechat_fresh_seconds,
        )
        self._answering: Answering | None = None
        self._courier: Courier | None = None

    @classmethod
    def name(cls) -> str:
        return CHANNEL

    def get_output_channel(self) -> OutputChannel:
        """Works without a request: an operator's words and notifications."""
        return WeChatOutput(self._sender, links=self._links)

    async def recover(self, lost: Unanswered) -> None:
        """Answer a message that a killed process took, unless the platform's next delivery does."""
        if self._courier is not None:
            await self._courier.recover(lost)

    def blueprint(self, on_new_message: Any) -> Blueprint:
        routes = Blueprint("channel_wechat")

        @routes.listener("before_server_start")
        async def start(app: Sanic, loop: Any) -> None:
            self._start(app)

        @routes.listener("before_server_stop")
        async def stop(app: Sanic, loop: Any) -> None:
            await self._stop()

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

    async def answer(self, delivery: callback.Delivery) -> str:
        """The body that answers an opened delivery: sealed XML, or `success`."""
        try:
            message = messages.from_fields(delivery.fields)
        except NotForUs:
            return replies.SUCCESS
        if not message.wants_answer:
            await self._note(message)
            return replies.SUCCESS
        if self._answering is None:
            raise RuntimeError("the channel answers only inside a running server")
        text = await self._answering.answer(message)
        reply = replies.passive(text, openid=message.openid, account=message.account)
        return self._gate.seal(reply, delivery.cipher)

    async def _note(self, message: Message) -> None:
        """Events that nobody answers."""
        name = message.kind.removeprefix(messages.EVENT)
        if name == LEAVING:
            await self._database.run(forget, message.sender_id, now=utcnow())
        elif name == TEMPLATE_OUTCOME and message.field("Status") != "success":
            logger.warning("a template message did not reach %s: %s", message.sender_id, message.field("Status"))

    def _start(self, app: Sanic) -> None:
        for sentence in self._abilities.missing():
            logger.warning("WeChat account without: %s", sentence)
        settings = self._settings
        api = self._api if self._abilities.messages else None
        media = MediaStore(api, settings.media_dir, settings.wechat_speech_url)
        reader = Reader(app.ctx.intake, media, links=self._links)
        self._courier = Courier(self._database, self._sender, reader)
        self._answering = Answering(self._database, reader, self._courier, deadline=settings.wechat_answer_seconds)
        self._courier.start()

    async def _stop(self) -> None:
        if self._answering and self._courier:
            await self._answering.finish()
            await self._courier.stop()
        await self._api.close()


def from_settings(settings: Settings, database: Database) -> WeChatChannel:
    """The channel that the settings ask for. Raises Problem that names the setting that is wrong."""
    for name, choices in CHOICES.items():
        if getattr(settings, name) not in choices:
            raise Problem(f"{name.upper()} must be one of {', '.join(choices)}")
    return WeChatChannel(settings, database)


def query_of(request: Request) -> dict[str, str]:
    """The query's parameters, the first of each name; strange bytes are kept as they can be."""
    return {name: values[0] for name, values in request.get_args(keep_blank_values=True).items()}


def refusal(refused: Refused) -> HTTPResponse:
    """A short answer that tells an attacker nothing; the log has the reason."""
    logger.warning("a callback was refused: %s", refused.reason)
    return response.text("refused", status=refused.status)


def _ciphers(settings: Settings) -> list[MessageCipher]:
    """The current key first, then the one before, which may still be in use during a change."""
    ciphers = []
    for name in ("wechat_aes_key", "wechat_previous_aes_key"):
        key = getattr(settings, name).get_secret_value()
        try:
            ciphers += [MessageCipher(key, settings.wechat_app_id)] if key else []
        except ValueError as error:
            raise Problem(f"{name.upper()}: {error}") from None
    return ciphers
