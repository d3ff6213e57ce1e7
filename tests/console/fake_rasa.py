"""A stand-in for the Rasa server's API: the same routes, token, keys and log, without a model."""

from __future__ import annotations

import uuid
from typing import Any

from sanic import Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.community import conversations
from bot.community.clock import utcnow
from bot.community.conversations import NewMessage
from bot.community.database import Database

TRIAGE = {"intent": "report_property", "confidence": 0.97, "domain": "property", "category": "leak_plumbing"}


class FakeRasa:
    """What the console told Rasa; down: answer as a server that is failing."""

    def __init__(self, database: Database, token: str) -> None:
        self.down = False
        self.events: list[tuple[str, dict[str, Any]]] = []
        self.requests = 0
        self.lose_next_answer = False
        self._keys: set[str] = set()
        self._database = database
        self._token = token

    def of(self, sender_id: str, kind: str) -> list[dict[str, Any]]:
        """The events of a kind that a sender's conversation got."""
        return [event for sender, event in self.events if sender == sender_id and event["event"] == kind]

    def app(self) -> Sanic:
        app = Sanic(f"fake_rasa_{uuid.uuid4().hex}", configure_logging=False)

        @app.middleware("request")
        async def check(request: Request) -> HTTPResponse | None:
            if request.headers.get("authorization") != f"Bearer {self._token}":
                return response.json({"reason": "NotAuthenticated"}, 401)
            return response.json({"error": "down"}, 503) if self.down else None

        @app.post("/conversations/<sender_id:path>/tracker/events", unquote=True)
        async def append(request: Request, sender_id: str) -> HTTPResponse:
            self.requests += 1
            if any(event["event"] == "bot" for event in request.json):
                assert request.args.get("execute_side_effects") == "true"
                assert request.args.get("output_channel") == sender_id.partition(":")[0]
            for event in request.json:
                await self._add(sender_id, event)
            if self.lose_next_answer:
                self.lose_next_answer = False
                return response.json({"error": "lost"}, 500)
            return response.json({"sender_id": sender_id})

        @app.post("/model/parse")
        async def parse(request: Request) -> HTTPResponse:
            return response.json({"text": request.json["text"], "triage": TRIAGE})

        return app

    async def _add(self, sender_id: str, event: dict[str, Any]) -> None:
        key = (event.get("metadata") or {}).get("key")
        if key in self._keys:
            return
        if key:
            self._keys.add(key)
        self.events.append((sender_id, event))
        if event["event"] == "bot":
            said = NewMessage("operator", event["text"], operator=event["metadata"]["operator"], message_key=key)
            await self._database.run(conversations.append, sender_id, [said], now=utcnow())
