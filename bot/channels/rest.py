"""The internal REST channel: Rasa's own contract, with a token, stored replies and an answer on every error."""

from __future__ import annotations

import hmac
import json
import uuid
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, OutputChannel
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.intake import Inbound, Intake

CHANNEL = "rest"


class RestChannel(InputChannel):
    """POST /webhooks/rest/webhook {"sender", "message", "metadata"} -> list of the bot's messages.

    A repeated metadata.message_id of one sender gets the stored reply. Sender ids become "rest:<sender>", so this
    channel can't speak as another channel's resident.
    """

    def __init__(self, token: str) -> None:
        self._token = token

    @classmethod
    def name(cls) -> str:
        return CHANNEL

    def get_output_channel(self) -> OutputChannel:
        """Messages outside a turn have nowhere to go: the caller reads them from the conversation."""
        return CollectingOutputChannel()

    def blueprint(self, on_new_message: Any) -> Blueprint:
        routes = Blueprint("channel_rest")

        @routes.get("/")
        async def health(request: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        @routes.post("/webhook")
        async def receive(request: Request) -> HTTPResponse:
            if not authorised(request, self._token):
                return response.json({"error": "需要 Authorization: Bearer 令牌"}, status=401)
            try:
                inbound = parse(request.body)
            except ValueError as error:
                return response.json({"error": str(error)}, status=400)
            intake: Intake = request.app.ctx.intake
            replies = await intake.take(inbound)
            sender = inbound.sender_id.partition(":")[2]
            return response.json([{"recipient_id": sender, **reply} for reply in replies])

        return routes


def authorised(request: Request, token: str) -> bool:
    """Whether the request carries the bearer token; compared in constant time."""
    given = request.headers.get("authorization", "")
    return hmac.compare_digest(given.encode(), f"Bearer {token}".encode())


def parse(body: bytes) -> Inbound:
    """The message in a request body. Raises ValueError with a sentence for the caller."""
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        raise ValueError("请求体不是有效的 JSON") from None
    if not isinstance(content, dict):
        raise ValueError("请求体应是一个 JSON 对象")
    sender, message, metadata = content.get("sender"), content.get("message"), content.get("metadata") or {}
    if not isinstance(sender, str) or not sender.strip() or len(sender) > 200:
        raise ValueError("sender 应是 1 到 200 个字的文字")
    if not isinstance(message, str) or not isinstance(metadata, dict):
        raise ValueError("message 应是文字，metadata 应是对象")
    attachments = metadata.get("attachments") or []
    if not isinstance(attachments, list) or not all(isinstance(each, dict) for each in attachments):
        raise ValueError("metadata.attachments 应是对象的列表")
    return Inbound(
        sender_id=f"{CHANNEL}:{sender.strip()}",
        text=message,
        channel=CHANNEL,
        key=str(metadata.get("message_id") or uuid.uuid4().hex)[:200],
        attachments=attachments,
        metadata={key: value for key, value in metadata.items() if key not in ("message_id", "attachments")},
    )
