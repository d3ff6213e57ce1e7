"""The way of every resident's message, whatever the channel: once in, understood, answered, remembered.

A message is written to the ledger before anything else happens, and its reply after the tracker is saved. A message
that the platform delivers again gets the stored reply word for word; a process that is killed in between finds the
message unanswered when it starts again (`unanswered`).
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.orm import Session

from bot.community import conversations, crisis, handoff
from bot.community.database import Database
from bot.nlu import crisis_guard, urgency
from bot.nlu.normaliser import normalise

logger = logging.getLogger(__name__)

MAX_TEXT = 10_000  # characters kept of one message; the rest is cut and the resident is not punished for it
Reply = list[dict[str, Any]]


@dataclass(frozen=True)
class Inbound:
    """One message from a resident. key: the platform's message id, the same for every delivery of the message."""

    sender_id: str
    text: str
    channel: str
    key: str
    attachments: list[dict[str, Any]] = field(default_factory=list)
    metadata: dict[str, Any] = field(default_factory=dict)


class TurnOutput(CollectingOutputChannel):
    """Collects what the bot says in a turn, under the name of the resident's channel."""

    def __init__(self, channel: str) -> None:
        super().__init__()
        self._channel = channel

    def name(self) -> str:  # type: ignore[override]
        """Rasa picks channel-specific responses by this name."""
        return self._channel


class Intake:
    """Takes messages in; one instance per Rasa server process."""

    def __init__(self, agent: Agent, database: Database) -> None:
        self.agent = agent
        self.database = database
        self._running: set[asyncio.Task[Reply]] = set()

    async def take(self, inbound: Inbound) -> Reply:
        """Handle a message and return the bot's replies; repeats get the first answer again.

        Goes on to the end even when the caller is cancelled: Sanic 21.12 cancels a handler whose client went away.
        """
        task = asyncio.create_task(self._take(replace(inbound, text=storable(inbound.text))))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return await asyncio.shield(task)

    async def finish(self) -> None:
        """Wait for the messages in work; called when the server stops."""
        await asyncio.gather(*self._running, return_exceptions=True)

    async def _take(self, inbound: Inbound) -> Reply:
        async with self.agent.lock_store.lock(inbound.sender_id):
            # With the sender's lock held nobody else can be working on this message: no lease is needed.
            receipt = await self.database.run(
                conversations.receive,
                inbound.sender_id,
                inbound.key,
                inbound.text,
                now=_now(),
                lease=timedelta(0),
                attachments=inbound.attachments,
            )
            if receipt.answered:
                return list(receipt.reply or [])
            reply = await self._answer(inbound)
            await self.database.run(conversations.answered, inbound.sender_id, inbound.key, reply, now=_now())
            return reply

    async def _answer(self, inbound: Inbound) -> Reply:
        output = TurnOutput(inbound.channel)
        message = UserMessage(
            plain_text(inbound.text),
            output,
            inbound.sender_id,
            input_channel=inbound.channel,
            message_id=inbound.key,
            metadata={
                **inbound.metadata,
                "message_id": inbound.key,
                "attachments": inbound.attachments,
                "in_danger": in_danger(inbound.text),
            },
        )
        try:
            await self.agent.processor.handle_message(message)  # type: ignore[union-attr]
        except Exception:  # the edge: whatever failed, the resident gets an answer and the desk is told
            return await self._apologise(inbound)
        replies = [without_recipient(reply) for reply in output.messages]
        if not replies:
            tracker = await self.agent.tracker_store.retrieve(inbound.sender_id)
            if tracker is None or not tracker.is_paused():
                return await self._apologise(inbound)
            await self._alarm_beside_human(inbound, tracker)
        return replies

    async def _alarm_beside_human(self, inbound: Inbound, tracker: DialogueStateTracker) -> None:
        """A human has the conversation and the bot is silent; a crisis rings all the same."""
        message = tracker.latest_message
        signs = ((message.parse_data if message else {}).get("triage") or {}).get("crisis_signs") or {}
        if signs.get("level") == "crisis":
            await self.database.run(_raise_alarm, inbound, signs, now=_now())

    async def _apologise(self, inbound: Inbound) -> Reply:
        """An honest short message with an id that the log has too, and a place in the desk's queue."""
        error_id = secrets.token_hex(4)
        logger.exception("turn failed: error %s, sender %s, message %s", error_id, inbound.sender_id, inbound.key)
        signs = signs_of_crisis(inbound.text)
        response = await self.agent.nlg.generate(
            "utter_error_crisis" if signs else "utter_error",
            DialogueStateTracker.from_events(inbound.sender_id, []),
            inbound.channel,
            error_id=error_id,
        )
        apology = response["text"] if response else ""
        try:
            await self.database.run(_note_failure, inbound, apology, now=_now())
            if signs:
                await self.database.run(_raise_alarm, inbound, signs, now=_now())
        except Exception:  # the apology must go out even when the database is the reason
            logger.exception("error %s: the desk could not be told", error_id)
        return [{"text": apology}] if apology else []


def signs_of_crisis(text: str) -> dict[str, Any] | None:
    """What the deterministic guard sees in a message that the model could not read; None when it is no crisis."""
    try:
        assessment = crisis_guard.assess(normalise(plain_text(text)), None)
    except Exception:  # nothing may come between a failed turn and its apology
        logger.exception("the crisis guard failed as well")
        return None
    return assessment.signs() if assessment.level == "crisis" else None


def in_danger(text: str) -> bool:
    """Whether a crisis or an emergency speaks: the answer then begins with what to do, and with nothing else."""
    try:
        plain = normalise(plain_text(text))
        assessment = crisis_guard.assess(plain, None)
        return assessment.level == "crisis" or urgency.rate(plain, None, assessment).level == "emergency"
    except Exception:  # only the order of the first words hangs on it
        logger.exception("the guard could not read a message")
        return True


def _raise_alarm(session: Session, inbound: Inbound, signs: dict[str, Any], *, now: datetime) -> None:
    crisis.raise_alarm(
        session,
        inbound.sender_id,
        level="crisis",
        text=inbound.text,
        reasons=list(signs.get("reasons") or []),
        third_person=bool(signs.get("third_person")),
        now=now,
    )


def _note_failure(session: Session, inbound: Inbound, apology: str, *, now: datetime) -> None:
    """Put a failed turn into the log, which the tracker store may not have reached, and into the desk's queue."""
    said = conversations.NewMessage(
        "resident", plain_text(inbound.text), attachments=inbound.attachments, message_key=inbound.key
    )
    words = conversations.NewMessage("bot", apology, message_key=f"failure:{inbound.key}")
    conversations.append(session, inbound.sender_id, [said, words] if apology else [said], now=now)
    handoff.request(session, inbound.sender_id, reason="bot_failure", now=now)


def storable(text: str) -> str:
    """The text as any database and channel can hold it: no half surrogates, no NUL, no more than MAX_TEXT."""
    return text[:MAX_TEXT].encode("utf-8", "replace").decode().replace("\x00", " ")


def plain_text(text: str) -> str:
    """The text as Rasa may see it: a leading slash would be executed as a command (/restart, /intent{...})."""
    text = storable(text).strip()
    return "／" + text[1:] if text.startswith("/") else text or "。"


def without_recipient(reply: dict[str, Any]) -> dict[str, Any]:
    """A bot message without the field that names the resident."""
    return {key: value for key, value in reply.items() if key != "recipient_id" and value is not None}


def _now() -> datetime:
    return datetime.now(timezone.utc)
