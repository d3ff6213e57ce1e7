"""What an account of each kind may do (wechat-platform.md, section 4.4)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Abilities:
    """What the platform grants; what it does not grant is never called."""

    messages: bool  # customer-service messages, and with them media and user information
    menu: bool
    templates: bool  # template messages and QR codes with a scene

    def missing(self) -> list[str]:
        """What the product will be unable to do, in sentences for who runs it."""
        lacks = []
        if not self.messages:
            lacks.append(
                "no customer-service messages: answers that take longer than 15 s wait for the resident's next message,"
                " operators' words and notifications can't be sent"
            )
        if not self.menu:
            lacks.append("no custom menu by API: set it in the console")
        if not self.templates:
            lacks.append("no template messages: ticket news reaches residents only within 48 hours of their last word")
        return lacks


KINDS: dict[str, Abilities] = {
    "subscription_unverified": Abilities(messages=False, menu=False, templates=False),
    "subscription_verified": Abilities(messages=True, menu=True, templates=False),
    "service_unverified": Abilities(messages=False, menu=True, templates=False),
    "service_verified": Abilities(messages=True, menu=True, templates=True),
}
