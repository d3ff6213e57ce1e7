"""Plays a resident against the care conversation, as policy and action would run it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

from bot import care
from bot.community.hotlines import HotlineView
from bot.nlu import crisis_guard
from bot.nlu.normaliser import normalise

START = datetime(2026, 11, 23, 2, 0, tzinfo=timezone.utc)


def hotline(phone: str, name: str, hours: str, *, open_now: bool = True, always_open: bool = False) -> HotlineView:
    return HotlineView(phone, name, phone, "", ("crisis",), hours, open_now, None, always_open)


HOTLINES = (
    hotline("12356", "心理援助热线", "每天 6:00–24:00"),
    hotline("120", "急救", "24 小时", always_open=True),
    hotline("110", "报警", "24 小时", always_open=True),
    hotline("0790-5550110", "示例街道值班电话", "24 小时", always_open=True),
    hotline("12355", "青少年服务热线", "每天 9:00–21:00"),
    hotline("12338", "妇女维权热线", "工作日 8:30–17:30"),
)


@dataclass
class Player:
    """One resident. replies: every reply of the care conversation, None for a message that it left to others."""

    hotlines: Sequence[HotlineView] = HOTLINES
    answered_by: str | None = None
    closed: bool = False
    careful: bool = False
    stored: Any = None
    now: datetime = START
    replies: list[care.Reply | None] = field(default_factory=list)

    def say(self, text: str, *, minutes: float = 1, **heard: Any) -> care.Reply | None:
        """What comes back; `heard` overrides what the guard finds (level, signs) or adds intent and confidence."""
        self.now += timedelta(minutes=minutes)
        found = crisis_guard.assess(normalise(text), None)
        message = care.Heard(text, self.now, **{"level": found.level, "signs": found.signs(), **heard})
        reply = self._reply(message)
        if reply is not None:
            # the slot is JSON in the tracker store
            self.stored = json.loads(json.dumps(reply.state))
            self.careful = reply.careful
        self.replies.append(reply)
        return reply

    def _reply(self, message: care.Heard) -> care.Reply | None:
        around = care.Around(self.hotlines, self.answered_by, self.careful, self.closed and self.careful)
        if message.is_crisis or self.careful or care.awaits_answer(self.stored):
            return care.respond(self.stored, message, around)
        return care.ask_gently(self.stored, message, around) if message.level == "concern" else None

    @property
    def spoken(self) -> list[care.Reply]:
        return [reply for reply in self.replies if reply is not None]

    @property
    def path(self) -> str:
        return self.stored["path"] if self.stored else ""

    @property
    def reasons(self) -> set[str]:
        return {reason for reply in self.spoken for reason in reply.reasons}

    @property
    def transcript(self) -> str:
        return "\n".join("\n".join(reply.texts) for reply in self.spoken)


def play(lines: Sequence[Any], **player: Any) -> Player:
    """Say the lines one after another; a line is a text, or a mapping with the text under `say`."""
    resident = Player(**player)
    for line in lines:
        given = dict(line) if isinstance(line, dict) else {"say": line}
        resident.say(given.pop("say"), **given)
    return resident
