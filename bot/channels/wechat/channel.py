"""The Rasa channel: GET and POST /webhooks/wechat/webhook, and the way out without a request."""

from __future__ import annotations

import logging

from rasa.core.channels.channel import OutputChannel

from bot.channels.intake import Intake
from bot.channels.wechat import abilities, messages
from bot.channels.wechat.api import WeChatApi
from bot.channels.wechat.callback import Gate
from bot.channels.wechat.crypto import MessageCipher
from bot.channels.wechat.leaving import forget
from bot.channels.wechat.media import MediaStore
from bot.channels.wechat.messages import CHANNEL, LEAVING, TEMPLATE_OUTCOME, Message
from bot.channels.wechat.output import WeChatOutput
from bot.channels.wechat.receiving import CallbackChannel
from bot.channels.wechat.sending import Template, WindowedSender
from bot.channels.wechat.turns import Reader
from bot.community.clock import utcnow
from bot.community.database import Database
from bot.problems import Problem
from bot.settings import Settings

logger = logging.getLogger(__name__)

CHOICES = {
    "wechat_account_kind": tuple(abilities.KINDS),
    "wechat_buttons": ("links", "text"),
    "wechat_token_kind": ("stable", "classic"),
}


class WeChatChannel(CallbackChannel):
    """The Official Account. Build it with from_settings(); the server's app.ctx.intake answers the residents."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self._settings = settings
        self._links = settings.wechat_buttons == "links"
        api = self._api = WeChatApi(
            settings.wechat_app_id,
            settings.wechat_app_secret.get_secret_value(),
            database,
            base=settings.wechat_api_base,
            stable=settings.wechat_token_kind == "stable",  # noqa: S105
        )
        self._abilities = abilities.KINDS[settings.wechat_account_kind]
        template = Template(settings.wechat_template_id, settings.wechat_template_field)
        sender = WindowedSender(
            api,
            database,
            self._abilities,
            per_message=settings.wechat_messages_per_window,
            template=template if template.id else None,
        )
        gate = Gate(
            settings.wechat_token.get_secret_value(),
            _ciphers(settings),
            fresh_seconds=settings.wechat_fresh_seconds,
        )
        super().__init__(database, gate, sender, api, answer_seconds=settings.wechat_answer_seconds)

    @classmethod
    def name(cls) -> str:
        return CHANNEL

    def get_output_channel(self) -> OutputChannel:
        """Works without a request: an operator's words and notifications."""
        return WeChatOutput(self.sender, links=self._links)

    async def note(self, message: Message) -> None:
        """Events that nobody answers."""
        name = message.kind.removeprefix(messages.EVENT)
        if name == LEAVING:
            await self.database.run(forget, message.sender_id, now=utcnow())
        elif name == TEMPLATE_OUTCOME and message.field("Status") != "success":
            logger.warning("a template message did not reach %s: %s", message.sender_id, message.field("Status"))

    def reader(self, intake: Intake) -> Reader:
        """Media are fetched only where the account may."""
        for sentence in self._abilities.missing():
            logger.warning("WeChat account without: %s", sentence)
        api = self._api if self._abilities.messages else None
        media = MediaStore(api, self._settings.media_dir, self._settings.wechat_speech_url)
        return Reader(intake, media, links=self._links)


def from_settings(settings: Settings, database: Database) -> WeChatChannel:
    """The channel that the settings ask for. Raises Problem that names the setting that is wrong."""
    for name, choices in CHOICES.items():
        if getattr(settings, name) not in choices:
            raise Problem(f"{name.upper()} must be one of {', '.join(choices)}")
    return WeChatChannel(settings, database)


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
