"""What a notification says to a resident: its kind and payload, in words of data/notification_texts.yml."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from string import Formatter
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from bot.community import taxonomy
from bot.community.notifications import NotificationView
from bot.settings import ROOT

TEXTS = ROOT / "data" / "notification_texts.yml"
LOCAL = ZoneInfo("Asia/Shanghai")


class NoWords(Exception):
    """No text for this kind of notification; it can never be delivered."""


@lru_cache(maxsize=1)
def texts(path: Path = TEXTS) -> Mapping[str, Any]:
    """The texts by kind; a kind that has several is worded by its status."""
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def word(notification: NotificationView) -> str:
    """The text to send. Raises NoWords."""
    template = texts().get(notification.kind)
    if isinstance(template, Mapping):
        template = template.get(notification.payload.get("status"))
    if not isinstance(template, str):
        raise NoWords(f"{notification.kind} {notification.payload.get('status', '')}".strip())
    values = _values(notification.payload)
    return "".join(_line(line, values) for line in template.strip().splitlines(keepends=True)).strip()


def _line(line: str, values: Mapping[str, str]) -> str:
    """A line, or nothing when what it tells is not known."""
    wanted = [name for _, name, _, _ in Formatter().parse(line) if name]
    return line.format_map(values) if all(values.get(name) for name in wanted) else ""


def _values(payload: Mapping[str, Any]) -> dict[str, str]:
    values = {name: str(value) for name, value in payload.items() if value is not None}
    if "category" in payload:
        values["category"] = taxonomy.label(payload["category"]) if payload["category"] else ""
    if payload.get("starts_at"):
        values["starts_at"] = _moment(datetime.fromisoformat(payload["starts_at"]))
    return values


def _moment(at: datetime) -> str:
    local = at.astimezone(LOCAL)
    return f"{local.month}月{local.day}日 {local:%H:%M}"
