"""Messages between the chat page and the server: what a resident may send, and what the log looks like to the page."""

from __future__ import annotations

import re
from typing import Any

from bot.channels.intake import Inbound
from bot.channels.web_session import CHANNEL, WebSessions
from bot.community.conversations import MessageView

MOST_CHARACTERS = 10_000
MOST_PHOTOS = 9
PHOTO_TEXT = "[图片]"
LOCATION_TEXT = "[位置]"

_KEY = re.compile(r"[\w-]{8,64}")


def inbound(said: Any, sender_id: str, sessions: WebSessions) -> Inbound:
    """The message that a page sent: {"key", "text", "photos": [{"id", "receipt"}], "location": {"lat", "lon"}}.

    Raises ValueError for what the page never sends.
    """
    if not isinstance(said, dict):
        raise ValueError("a message is an object")
    key, text = said.get("key"), said.get("text") or ""
    if not isinstance(key, str) or not _KEY.fullmatch(key):
        raise ValueError("key is missing")
    if not isinstance(text, str) or len(text) > MOST_CHARACTERS:
        raise ValueError("text is no text, or too long")
    attachments = _photos(said.get("photos") or [], sender_id, sessions) + _location(said.get("location"))
    if not text.strip() and not attachments:
        raise ValueError("the message is empty")
    return Inbound(sender_id, text.strip() or _stand_in(attachments), CHANNEL, key, attachments=attachments)


def shown(message: MessageView) -> dict[str, Any]:
    """A logged message as the page shows it. key: of the resident's own, to recognise what the page has sent."""
    by_kind: dict[str, list[dict[str, Any]]] = {}
    for item in message.attachments:
        if isinstance(item, dict):
            by_kind.setdefault(str(item.get("kind")), []).append(item)
    images = by_kind.get("image", [])
    return {
        "id": message.id,
        "key": message.message_key if message.author == "resident" else None,
        "author": message.author,
        "name": message.operator,
        "text": "" if message.text in (PHOTO_TEXT, LOCATION_TEXT) and message.attachments else message.text,
        "at": int(message.at.timestamp() * 1000),
        "photos": [item["id"] for item in images if item.get("id")],
        "images": [item["value"] for item in images if isinstance(item.get("value"), str)],
        "location": next(({"lat": item["lat"], "lon": item["lon"]} for item in by_kind.get("location", [])), None),
        "buttons": [button for item in by_kind.get("buttons", []) for button in buttons(item.get("value"))],
    }


def buttons(given: Any) -> list[dict[str, str]]:
    """Rasa's buttons as the page needs them."""
    listed = given if isinstance(given, list) else []
    return [
        {"title": str(button["title"]), "payload": str(button.get("payload") or button["title"])}
        for button in listed
        if isinstance(button, dict) and button.get("title")
    ]


def _photos(given: Any, sender_id: str, sessions: WebSessions) -> list[dict[str, Any]]:
    if not isinstance(given, list) or len(given) > MOST_PHOTOS:
        raise ValueError("too many photos")
    for photo in given:
        if not isinstance(photo, dict) or not sessions.holds(
            sender_id, str(photo.get("id")), str(photo.get("receipt"))
        ):
            raise ValueError("not a photo of this sender")
    return [{"kind": "image", "id": photo["id"]} for photo in given]


def _location(given: Any) -> list[dict[str, Any]]:
    if given is None:
        return []
    try:
        lat, lon = float(given["lat"]), float(given["lon"])
    except (TypeError, KeyError, ValueError):
        raise ValueError("not a location") from None
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise ValueError("no place on earth")
    return [{"kind": "location", "lat": lat, "lon": lon}]


def _stand_in(attachments: list[dict[str, Any]]) -> str:
    return PHOTO_TEXT if attachments[0]["kind"] == "image" else LOCATION_TEXT
