"""The WeCom application (企业微信应用): members write to it, and staff get its messages on their phones.

What differs from the Official Account (wechat-platform.md, section 7): no plain mode, an encrypted echostr, the CorpID
as receiver, no sending window, another token. The rest is shared with bot/channels/wechat.
"""

from bot.channels.wecom.channel import WeComChannel, from_settings

__all__ = ["WeComChannel", "from_settings"]
