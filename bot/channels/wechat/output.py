"""What Rasa sends without a request: an operator's words, a notification."""

from __future__ import annotations

from typing import Any

from rasa.core.channels.channel import OutputChannel

from bot.channels.wechat import replies
from bot.channels.wechat.messages import CHANNEL
from bot.channels.wechat.sending import Sender


class WeChatOutput(OutputChannel):
    """Sends through the platform's API; raises NotDelivered, so that nobody is shown "sent" for what was not."""

    def __init__(self, sender: Sender, *, links: bool = True) -> None:
        self._sender = sender
        self._links = links

    @classmethod
    def name(cls) -> str:
        return CHANNEL

    async def send_text_message(self, recipient_id: str, text: str, **kwargs: Any) -> None:
        openid = recipient_id.partition(":")[2]
        for part in replies.split([text]):
            await self._sender.notify(openid, part)

    async def send_text_with_buttons(
        self, recipient_id: str, text: str, buttons: list[dict[str, Any]], **kwargs: Any
    ) -> None:
        await self.send_text_message(recipient_id, replies.with_buttons(text, buttons, links=self._links))

    async def send_image_url(self, recipient_id: str, image: str, **kwargs: Any) -> None:
        await self.send_text_message(recipient_id, replies.picture(image))

    async def send_custom_json(self, recipient_id: str, json_message: dict[str, Any], **kwargs: Any) -> None:
        """Cards of other channels have a text beside them; the platform has nothing to show for their data."""
