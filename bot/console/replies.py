"""An operator's words on their way to a resident: once, and only while the operator holds the conversation."""

from __future__ import annotations

from bot.community.conversations import SessionView
from bot.community.staff_views import StaffView
from bot.console import rasa_client
from bot.console.rasa_client import RasaClient


async def say_once(rasa: RasaClient, conversation: SessionView, operator: StaffView, text: str, key: str) -> None:
    """Send text with a key of its own: Rasa drops a repetition of the key, so trying again is safe.

    The bot is silenced in the same request, in case it was out of reach at the take-over. Raises RasaUnavailable.
    """
    silence = {**rasa_client.PAUSE, "metadata": {"key": f"pause:{key}"}}
    await rasa.say(conversation.sender_id, [silence, rasa_client.words(text, operator=operator.name, key=key)])
