"""How a resident who asks for counselling wants to be reached."""

from __future__ import annotations

from typing import Any

from actions.forms.fields import Draft, Field
from actions.phrases import phrase
from actions.turn import Turn
from bot.community.residents import ResidentView

WAYS = {
    "chat": ("这里", "微信", "聊天", "不留", "不方便"),
    "office": ("到社区", "面谈", "当面", "过去", "上门"),
    "phone": ("电话", "打给", "打过来", "手机"),
}


class ContactField(Field):
    """By phone with a number, in this chat, or at the community's office: {"way", "phone"}."""

    def __init__(self) -> None:
        super().__init__("contact")

    async def read(self, turn: Turn, draft: Draft, *, asked: bool) -> dict[str, Any] | None:
        if turn.entities.get("phone"):
            return {"way": "phone", "phone": str(turn.entities["phone"])}
        if not asked:
            return None
        return next(
            ({"way": way, "phone": None} for way, words in WAYS.items() if any(w in turn.text for w in words)), None
        )

    def complete(self, draft: Draft) -> bool:
        contact = draft.get("contact")
        return bool(contact) and (contact["way"] != "phone" or bool(contact["phone"]))

    def question(self, draft: Draft) -> str:
        return "contact_number" if draft.get("contact") else "contact"

    def give_up(self, draft: Draft) -> dict[str, Any]:
        return {"way": "chat", "phone": None}

    async def proposal(self, turn: Turn, resident: ResidentView) -> dict[str, Any] | None:
        return {"way": "phone", "phone": resident.phone} if resident.phone else None

    def shown(self, value: dict[str, Any]) -> str:
        return value["phone"] or phrase(f"contact.{value['way']}")
