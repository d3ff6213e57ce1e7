"""The channels that the settings ask for: the internal one always, each platform's where it is configured."""

from __future__ import annotations

from rasa.core.channels.channel import InputChannel

from bot.channels.rest import RestChannel
from bot.community.database import Database
from bot.runtime.channel_settings import check, configured
from bot.settings import Settings


def build(settings: Settings, database: Database) -> list[InputChannel]:
    """The input channels of a Rasa server. Raises Problem when a platform is half configured."""
    check(settings)
    channels: list[InputChannel] = [RestChannel(settings.bot_api_token.get_secret_value()), _web(settings, database)]
    if configured(settings, "wechat"):
        from bot.channels.wechat import WeChatChannel

        channels.append(WeChatChannel.from_settings(settings, database))
    return channels


def _web(settings: Settings, database: Database) -> InputChannel:
    from bot.channels.web import WebChannel

    return WebChannel(settings.secret_key.get_secret_value(), database, settings.media_dir, settings.public_url)
