"""What of a conversation a member of staff may read, and how it is shown to them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.community import confidential, conversations, log_reading
from bot.community.conversations import MessageView, SessionView
from bot.community.errors import NotFound
from bot.community.log_reading import HandoffLine
from bot.community.masking import mask
from bot.community.staff_views import StaffView
from bot.console.access import DESK

MOST_MESSAGES = 200


@dataclass(frozen=True)
class Line:
    """A line of a thread as this reader may see it; hidden: there is something, and it is not for this role."""

    id: int
    at: datetime
    author: str
    text: str
    buttons: Sequence[str] = ()
    photos: Sequence[str] = ()
    notes: Sequence[str] = ()
    category: str | None = None
    confidence: float | None = None
    in_danger: bool = False
    operator: str | None = None
    hidden: bool = False


@dataclass(frozen=True)
class Thread:
    """A conversation with its lines; more: later lines than these exist."""

    session: SessionView
    lines: list[Line]
    handoffs: list[HandoffLine]
    confidential_from: int | None
    more: bool


def may_see_session(viewer: StaffView, conversation: SessionView) -> bool:
    """Whether it belongs to the viewer's communities. One that names none is everybody's, and so is a danger."""
    own = not viewer.communities or conversation.community_id in (None, *viewer.communities)
    return own or (conversation.careful and viewer.role in DESK)


def reads_everything(viewer: StaffView, conversation: SessionView) -> bool:
    """The psychology roles do, and who holds the conversation."""
    holds = conversation.state == "human" and conversation.assigned_to == viewer.id
    return viewer.role in confidential.READING_ROLES or holds


def open_session(session: Session, viewer: StaffView, session_id: int) -> SessionView:
    """The conversation, when the viewer may know of it. Raises NotFound."""
    found = conversations.get_session(session, session_id)
    if not may_see_session(viewer, found):
        raise NotFound("conversation", session_id)
    return found


def read(session: Session, viewer: StaffView, session_id: int, *, after: int = 0) -> Thread:
    """The conversation from the message after `after` on. Raises NotFound."""
    found = open_session(session, viewer, session_id)
    starts = None if reads_everything(viewer, found) else confidential.starts(session, [session_id]).get(session_id)
    messages = conversations.messages_of(session, session_id, after=after, limit=MOST_MESSAGES + 1)
    names = {name for message in messages for name in log_reading.names_in(message.entities)}
    lines = [_line(message, viewer, starts, names) for message in messages[:MOST_MESSAGES]]
    handoffs = [] if after else log_reading.handoffs(session, session_id)
    return Thread(found, _folded(lines), handoffs, starts, len(messages) > MOST_MESSAGES)


def previews(session: Session, viewer: StaffView, shown: Sequence[SessionView]) -> dict[int, str]:
    """The residents' last words by session, as far as the viewer may read them."""
    last = log_reading.last_words(session, [each.id for each in shown])
    closed = [each.id for each in shown if not reads_everything(viewer, each)]
    starts = confidential.starts(session, closed) if closed else {}
    return {
        id: "" if id in starts and words.message_id >= starts[id] else seen_by(viewer, words.text, words.names)
        for id, words in last.items()
    }


def seen_by(viewer: StaffView, text: str, names: Iterable[str] = ()) -> str:
    """The text, masked for reviewers."""
    return mask(text, names) if viewer.role == "reviewer" else text


def _line(message: MessageView, viewer: StaffView, starts: int | None, names: Iterable[str]) -> Line:
    if starts is not None and message.id >= starts:
        return Line(message.id, message.at, message.author, "", hidden=True)
    masked = viewer.role == "reviewer"
    return Line(
        id=message.id,
        at=message.at,
        author=message.author,
        text=seen_by(viewer, message.text, names),
        buttons=[seen_by(viewer, title, names) for title in _buttons(message.attachments)],
        photos=[] if masked else _photos(message.attachments),
        notes=_notes(message.attachments, masked),
        category=message.category,
        confidence=message.confidence,
        in_danger=message.crisis in ("concern", "crisis"),
        operator=message.operator,
    )


def _folded(lines: list[Line]) -> list[Line]:
    """One line for all that is hidden."""
    hidden = [line for line in lines if line.hidden]
    return [line for line in lines if not line.hidden] + hidden[:1]


def _buttons(attachments: Sequence[Any]) -> list[str]:
    """Titles of the quick replies that the resident saw."""
    return [
        str(button.get("title", ""))
        for part in _parts(attachments)
        if part.get("kind") in ("buttons", "quick_replies") and isinstance(part.get("value"), list)
        for button in part["value"]
        if isinstance(button, dict)
    ]


def _photos(attachments: Sequence[Any]) -> list[str]:
    return [str(part["id"]) for part in _parts(attachments) if part.get("kind") == "image" and part.get("id")]


def _notes(attachments: Sequence[Any], masked: bool) -> list[str]:
    """What else came along, in a word."""
    names = {"custom": "卡片", "location": "位置", "voice": "语音", "attachment": "附件", "elements": "列表"}
    notes = [names[part["kind"]] for part in _parts(attachments) if part.get("kind") in names]
    return [*notes, *(["照片"] * len(_photos(attachments)) if masked else [])]


def _parts(attachments: Sequence[Any]) -> list[dict[str, Any]]:
    return [part for part in attachments if isinstance(part, dict)]
