"""News for the staff in a line, and where it leads."""

from __future__ import annotations

from bot.community.notifications import NotificationView
from bot.console import wording

TICKET_KINDS = "ticket_"
CRISIS_KINDS = "crisis_"


def address(item: NotificationView) -> str:
    """Where the thing is that the news tells of; empty when it has no page."""
    payload = item.payload
    if item.kind == "referral":
        return f"/referrals/{payload['number']}"
    if item.kind.startswith(TICKET_KINDS):
        return f"/tickets/{payload['number']}"
    return f"/desk/{payload['session_id']}" if payload.get("session_id") else ""


def headline(item: NotificationView) -> str:
    """What has happened; a crisis only as far as everybody may know."""
    number = item.payload.get("number", "") if item.kind.startswith((TICKET_KINDS, "referral")) else ""
    reason = item.payload.get("reason")
    detail = number or (wording.say("reasons", reason) if reason else "")
    return "：".join(filter(None, (wording.say("news", item.kind), detail)))


def is_pressing(item: NotificationView) -> bool:
    """Whether it stands before everything else: somebody may be in danger."""
    return item.kind.startswith(CRISIS_KINDS) or item.payload.get("reason") == "crisis"
