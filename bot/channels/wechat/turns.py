"""A message's turn with the bot: read, answered, and put into texts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rasa.shared.core.trackers import DialogueStateTracker

from bot.channels.intake import Inbound, Intake
from bot.channels.wechat import replies
from bot.channels.wechat.media import MediaStore
from bot.channels.wechat.messages import EVENT, Message, location
from bot.channels.wechat.scenes import Scene, remember, scene_of
from bot.channels.wechat.words import menu_text, word
from bot.community import conversations, handoff
from bot.community.clock import utcnow
from bot.community.conversations import NewMessage

VOICE, VIDEO, PHOTO_LOST, OTHER = (
    "utter_voice_please_type",
    "utter_video_please_describe",
    "utter_photo_please_resend",
    "utter_kind_not_readable",
)
UNSUPPORTED = "【收到不支持的消息类型"
"""How the platform's own placeholder for stickers and the like begins."""


@dataclass(frozen=True)
class Unreadable:
    """A message that the bot can't read: the response that says so, and how the log names it."""

    response: str
    logged: str


class Reader:
    """Answers messages through the intake; the same message always gets the same texts."""

    def __init__(self, intake: Intake, media: MediaStore, *, links: bool = True) -> None:
        self._intake = intake
        self._media = media
        self._links = links

    async def texts(self, message: Message) -> list[str]:
        """What the resident is told, in texts of any length; nothing while a human has the conversation."""
        read = await self._read(message)
        if isinstance(read, Unreadable):
            return await self._excuse(message, read)
        return replies.texts_of(await self._intake.take(read), links=self._links)

    async def _read(self, message: Message) -> Inbound | Unreadable:
        """The message as the bot takes it."""
        if message.kind.startswith(EVENT):
            return await self._event(message)
        match message.kind:
            case "text" if message.field("Content").startswith(UNSUPPORTED):
                return Unreadable(OTHER, word("other_log"))
            case "text":
                return self._inbound(message, message.field("Content"))
            case "image":
                photo = await self._media.photo(message.field("MediaId"))
                found = [{"kind": "image", "id": photo}] if photo else []
                return self._inbound(message, "", found) if found else Unreadable(PHOTO_LOST, word("image_log"))
            case "voice":
                said = message.field("Recognition").strip() or await self._media.transcript(message.field("MediaId"))
                return self._inbound(message, said) if said else Unreadable(VOICE, word("voice_log"))
            case "location":
                place = location(message)
                label = word("location", label=message.field("Label"))
                return self._inbound(message, label, [place]) if place else Unreadable(OTHER, word("other_log"))
            case "link":
                lines = (message.field(name).strip() for name in ("Title", "Description", "Url"))
                return self._inbound(message, "\n".join(line for line in lines if line))
            case "video" | "shortvideo":
                return Unreadable(VIDEO, word("video_log"))
        return Unreadable(OTHER, word("other_log"))

    async def _event(self, message: Message) -> Inbound:
        key = message.field("EventKey")
        if message.kind == EVENT + "click":
            return self._inbound(message, menu_text(key))
        scene = scene_of(key.removeprefix("qrscene_"))
        await self._intake.database.run(remember, message.sender_id, scene, now=utcnow())
        return self._inbound(message, scene.says or word("greeting"), scene=scene)

    def _inbound(
        self, message: Message, text: str, attachments: list[dict[str, Any]] | None = None, scene: Scene | None = None
    ) -> Inbound:
        metadata = {"kind": message.kind, **({"scene": scene.code} if scene and scene.code else {})}
        return Inbound(message.sender_id, text, message.channel, message.key, attachments or [], metadata)

    async def _excuse(self, message: Message, unreadable: Unreadable) -> list[str]:
        state = await self._intake.database.read(handoff.state_of, message.sender_id, now=utcnow())
        said = [] if state.state == conversations.HUMAN else await self._response(message, unreadable.response)
        media = {"kind": message.kind, "media_id": message.field("MediaId")}
        log = [
            NewMessage("resident", unreadable.logged, attachments=[media], message_key=message.key),
            *(NewMessage("bot", text, message_key=message.key) for text in said[:1]),
        ]
        await self._intake.database.run(conversations.append, message.sender_id, log, now=utcnow())
        return said

    async def _response(self, message: Message, name: str) -> list[str]:
        nobody = DialogueStateTracker.from_events(message.sender_id, [])
        response = await self._intake.agent.nlg.generate(name, nobody, message.channel)
        return replies.texts_of([response], links=self._links) if response else [word("trouble")]
