"""Who writes on the web: an id that the server issues and signs, so that nobody can speak as another resident."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import uuid
from dataclasses import dataclass

from sanic.request import Request
from sanic.response import HTTPResponse

CHANNEL = "web"
COOKIE = "chat_session"
COOKIE_PATH = "/chat"
COOKIE_SECONDS = 400 * 24 * 3600  # the longest that browsers keep one; renewed by every visit

_TOKEN = re.compile(r"([0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12})\.([\w-]{43})")


@dataclass(frozen=True)
class WebSession:
    """One browser's session; the token proves the sender id and is a secret of that browser."""

    sender_id: str
    token: str


class WebSessions:
    """Issues, reads and carries sessions. secure: the page is served by https, so the cookie never leaves it."""

    def __init__(self, secret: str, *, secure: bool) -> None:
        self._key = hmac.new(secret.encode(), b"web chat session", hashlib.sha256).digest()
        self._secure = secure

    def issue(self) -> WebSession:
        """A session of a resident nobody has met."""
        id = str(uuid.uuid4())
        return WebSession(f"{CHANNEL}:{id}", f"{id}.{self._signed('session', id)}")

    def read(self, token: object) -> WebSession | None:
        """The session of a token, or None where this server did not sign it."""
        match = _TOKEN.fullmatch(token) if isinstance(token, str) else None
        if match is None or not hmac.compare_digest(match[2], self._signed("session", match[1])):
            return None
        return WebSession(f"{CHANNEL}:{match[1]}", match[0])

    def of_request(self, request: Request) -> WebSession | None:
        """The session that a request proves: by bearer token (embedded in another site), else by cookie."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        return self.read(token if scheme.lower() == "bearer" else request.cookies.get(COOKIE))

    def set_cookie(self, response: HTTPResponse, session: WebSession) -> None:
        """Let the browser keep the session where no script can read it and no other site can use it."""
        response.cookies[COOKIE] = session.token
        cookie = response.cookies[COOKIE]
        cookie["path"] = COOKIE_PATH
        cookie["max-age"] = COOKIE_SECONDS
        cookie["httponly"] = True
        cookie["samesite"] = "Lax"
        cookie["secure"] = self._secure

    def receipt(self, sender_id: str, photo_id: str) -> str:
        """Proof that this sender uploaded this photo; needed to send it."""
        return self._signed("photo", sender_id, photo_id)

    def holds(self, sender_id: str, photo_id: str, receipt: str) -> bool:
        """Whether the receipt is this sender's for this photo."""
        return hmac.compare_digest(receipt.encode(), self.receipt(sender_id, photo_id).encode())

    def _signed(self, *parts: str) -> str:
        digest = hmac.new(self._key, "\n".join(parts).encode(), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
