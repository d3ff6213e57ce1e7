"""The Rasa channel of the WeCom application: /webhooks/wecom/webhook, and the way out without a request."""

from __future__ import annotations

import logging

from rasa.core.channels.channel import OutputChannel

from bot.channels.intake import Intake
from bot.channels.wechat.abilities import Abilities
from bot.channels.wechat.callback import Delivery
from bot.channels.wechat.crypto import MessageCipher
from bot.channels.wechat.errors import ApiError, NotDelivered, Reaction
from bot.channels.wechat.media import MediaStore
from bot.channels.wechat.output import WeChatOutput
from bot.channels.wechat.receiving import CallbackChannel
from bot.channels.wechat.replies import SUCCESS
from bot.channels.wechat.turns import Reader
from bot.channels.wecom.api import WeComApi
from bot.channels.wecom.callback import WeComGate
from bot.community.database import Database
from bot.problems import Problem
from bot.settings import Settings

logger = logging.getLogger(__name__)

CHANNEL = "wecom"


class WeComSender:
    """Sends application messages: to members at any time, without a window."""

    abilities = Abilities(messages=True, menu=True, templates=False)

    def __init__(self, api: WeComApi) -> None:
        self._api = api

    async def send(self, openid: str, text: str) -> None:
        """Send one text of legal length. Raises NotDelivered."""
        try:
            await self._api.send_text(openid, text)
        except ApiError as error:
            if error.reaction in (Reaction.OPERATOR, Reaction.BUG):
                logger.error("a message could not be sent: %s", error)
            gone = error.reaction is Reaction.GONE
            raise NotDelivered("unreachable" if gone else "platform", permanent=gone) from error

    async def notify(self, openid: str, text: str) -> None:
        """The same: there is no window to be outside of."""
        await self.send(openid, text)

    async def typing(self, openid: str) -> None:
        """WeCom shows nothing of the kind."""


class WeComOutput(WeChatOutput):
    """An operator's words and notifications."""

    @classmethod
    def name(cls) -> str:
        return CHANNEL


class WeComChannel(CallbackChannel):
    """The application. Build it with from_settings(); the server's app.ctx.intake answers the members."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self._settings = settings
        api = WeComApi(
            settings.wecom_corp_id,
            settings.wecom_agent_id,
            settings.wecom_secret.get_secret_value(),
            database,
            base=settings.wecom_api_base,
        )
        cipher = MessageCipher(settings.wecom_aes_key.get_secret_value(), settings.wecom_corp_id)
        gate = WeComGate(settings.wecom_token.get_secret_value(), [cipher], fresh_seconds=settings.wechat_fresh_seconds)
        super().__init__(database, gate, WeComSender(api), api, answer_seconds=settings.wechat_answer_seconds)

    @classmethod
    def name(cls) -> str:
        return CHANNEL

    def get_output_channel(self) -> OutputChannel:
        """Works without a request."""
        return WeComOutput(self.sender, links=False)

    async def answer(self, delivery: Delivery) -> str:
        """Sealed XML, or the empty body that ends WeCom's retries."""
        answer = await super().answer(delivery)
        return "" if answer == SUCCESS else answer

    def reader(self, intake: Intake) -> Reader:
        """Buttons are text: the reply links of the Official Account don't exist here."""
        media = MediaStore(self._api, self._settings.media_dir, self._settings.wechat_speech_url)
        return Reader(intake, media, links=False)


def from_settings(settings: Settings, database: Database) -> WeComChannel:
    """The channel that the settings ask for. Raises Problem that names the setting that is wrong."""
    if not settings.wecom_agent_id.isdecimal():
        raise Problem("WECOM_AGENT_ID must be a number")
    try:
        return WeComChannel(settings, database)
    except ValueError as error:
        raise Problem(f"WECOM_AES_KEY: {error}") from None
