"""The channels that the settings ask for: the internal one and the web chat always, a platform's where configured."""

from __future__ import annotations

from rasa.core.channels.channel import InputChannel

from bot.channels.rest import RestChannel
from bot.channels.web import WebChannel
from bot.community.database import Database
from bot.runtime.channel_settings import check, configured
from bot.settings import Settings


def build(settings: Settings, database: Database) -> list[InputChannel]:
    """The input channels of a Rasa server. Raises Problem when a platform is half configured."""
    check(settings)
    secret = settings.secret_key.get_secret_value()
    channels: list[InputChannel] = [
        RestChannel(settings.bot_api_token.get_secret_value()),
        WebChannel(secret, database, settings.media_dir, settings.public_url, settings.redis_url),
    ]
    if configured(settings, "wechat"):
        from bot.channels import wechat  # its cryptography is imported only where it is used

        channels.append(wechat.from_settings(settings, database))
    if configured(settings, "wecom"):
        from bot.channels import wecom

        channels.append(wecom.from_settings(settings, database))
    return channels
