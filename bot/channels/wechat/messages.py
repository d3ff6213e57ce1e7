"""What arrives: messages and events, the key that makes a repeated delivery recognisable, and who wrote."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

CHANNEL = "wechat"
MESSAGE, MENU, EVENT = "message:", "menu:", "event:"
"""How the keys of the ledger begin: each kind of contact opens a sending window of its own."""

ANSWERED_EVENTS = {CHANNEL: {"subscribe", "scan", "click"}}
"""Of a channel that is not named here, only taps on the menu."""
LEAVING = "unsubscribe"
TEMPLATE_OUTCOME = "templatesendjobfinish"

_OPENID = re.compile(r"[\x21-\x7e]{1,128}")


class NotForUs(ValueError):
    """Nobody to answer: the sender or the kind of the message is missing."""


@dataclass(frozen=True)
class Message:
    """One message or event. kind is MsgType, or "event:" and the event's name, in lower case."""

    openid: str
    account: str
    kind: str
    key: str
    fields: Mapping[str, str]
    channel: str = CHANNEL

    @property
    def sender_id(self) -> str:
        """The resident's id throughout the product."""
        return f"{self.channel}:{self.openid}"

    @property
    def wants_answer(self) -> bool:
        """Messages of any kind do; of the events those that a resident causes knowingly."""
        events = ANSWERED_EVENTS.get(self.channel, {"click"})
        return not self.kind.startswith(EVENT) or self.kind.removeprefix(EVENT) in events

    def field(self, name: str) -> str:
        """A field's text, "" where it is missing."""
        return self.fields.get(name, "")

    def as_json(self) -> dict[str, Any]:
        """For keeping the message until it is answered; from_fields reads it back."""
        return dict(self.fields)


def from_fields(fields: Mapping[str, str], channel: str = CHANNEL) -> Message:
    """Raises NotForUs."""
    openid, kind = fields.get("FromUserName", "").strip(), fields.get("MsgType", "").strip().lower()
    if not _OPENID.fullmatch(openid) or not kind:
        raise NotForUs("no sender or kind")
    if kind == "event":
        kind = EVENT + fields.get("Event", "").strip().lower()
    return Message(openid, fields.get("ToUserName", ""), kind, _key(kind, openid, fields), fields, channel)


def location(message: Message) -> dict[str, Any] | None:
    """The place in a location message, or None when its numbers are no place on earth."""
    try:
        lat, lon = float(message.field("Location_X")), float(message.field("Location_Y"))
    except ValueError:
        return None
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        return None
    return {"kind": "location", "lat": lat, "lon": lon, "label": message.field("Label")}


def _key(kind: str, openid: str, fields: Mapping[str, str]) -> str:
    """Messages have an id; events don't, and two events of one resident can share a second."""
    message_id = fields.get("MsgId", "").strip()
    if message_id and not kind.startswith(EVENT):
        return (MENU if fields.get("bizmsgmenuid") else MESSAGE) + message_id
    moment = fields.get("CreateTime", "")
    if not kind.startswith(EVENT):
        return f"{MESSAGE}{openid}+{moment}+{fields.get('MediaId', '')}{fields.get('Content', '')}"
    name = kind.removeprefix(EVENT)
    return f"{MENU if name == 'click' else EVENT}{openid}+{moment}+{name}+{fields.get('EventKey', '')}"
