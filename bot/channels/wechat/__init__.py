"""The WeChat Official Account (公众号/服务号): the residents' real door.

The rules that this package keeps are those of the platform; wechat-platform.md in the design folder holds them with
their sources, and the tests are named after them.
"""

from bot.channels.wechat.channel import WeChatChannel, from_settings
from bot.channels.wechat.errors import NotDelivered

__all__ = ["NotDelivered", "WeChatChannel", "from_settings"]
