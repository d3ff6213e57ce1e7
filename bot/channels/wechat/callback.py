"""Opening what claims to come from the platform: signatures, modes, freshness."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.channels.wechat import xml
from bot.channels.wechat.crypto import BadCipher, MessageCipher, sign, signed

BAD_REQUEST, FORBIDDEN, TOO_LARGE = 400, 403, 413


class Refused(ValueError):
    """The request is not the platform's, or not in the agreed mode; reason is for our log, never for the caller."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


@dataclass(frozen=True)
class Delivery:
    """One opened delivery; cipher is the key that worked, with which the answer must be sealed."""

    fields: Mapping[str, str]
    cipher: MessageCipher | None = None


class Gate:
    """Knows the account's token and keys.

    ciphers: the current key and, during a change, the previous one; none in plain mode. fresh_seconds bounds how far
    a delivery's timestamp may lie from our clock, either way; 0 accepts any.
    """

    def __init__(
        self,
        token: str,
        ciphers: list[MessageCipher],
        *,
        fresh_seconds: int,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._token = token
        self._ciphers = ciphers
        self._fresh_seconds = fresh_seconds
        self._clock = clock

    def verify(self, query: Mapping[str, str]) -> str:
        """The echostr that proves the address to the console; plain text in every mode. Raises Refused."""
        self._check_signature(query)
        if "echostr" not in query:
            raise Refused(BAD_REQUEST, "no echostr")
        return query["echostr"]

    def open(self, query: Mapping[str, str], body: bytes) -> Delivery:
        """Check and decrypt a delivery. Raises Refused."""
        self._check_signature(query)
        self._check_freshness(query)
        encrypted = query.get("encrypt_type", "raw") == "aes"
        if self._ciphers and not encrypted:
            # `signature` does not cover the body: a plain one would bypass the key.
            raise Refused(FORBIDDEN, "plain body in security mode")
        outer = parsed(body)
        if not self._ciphers:
            return self._plain(outer)
        return self._decrypted(query, outer.get("Encrypt", ""))

    def seal(self, reply: str, cipher: MessageCipher | None) -> str:
        """The reply as the account's mode wants it; `success` and nothing stay plain."""
        if cipher is None or not reply.startswith("<"):
            return reply
        encrypt = cipher.encrypt(reply.encode())
        moment = str(int(self._clock()))
        nonce = str(time.monotonic_ns() % 10**10)
        return xml.build(
            {
                "Encrypt": xml.Cdata(encrypt),
                "MsgSignature": xml.Cdata(sign(self._token, moment, nonce, encrypt)),
                "TimeStamp": moment,
                "Nonce": xml.Cdata(nonce),
            }
        )

    def _check_signature(self, query: Mapping[str, str]) -> None:
        parts = (self._token, query.get("timestamp", ""), query.get("nonce", ""))
        if not signed(query.get("signature", ""), *parts):
            raise Refused(FORBIDDEN, "signature")

    def _check_freshness(self, query: Mapping[str, str]) -> None:
        stamp = query.get("timestamp", "")
        if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12):
            raise Refused(BAD_REQUEST, "timestamp")
        if self._fresh_seconds and abs(self._clock() - int(stamp)) > self._fresh_seconds:
            raise Refused(FORBIDDEN, "stale timestamp")

    def _plain(self, outer: Mapping[str, str]) -> Delivery:
        if "Encrypt" in outer and "MsgType" not in outer:
            raise Refused(BAD_REQUEST, "encrypted body, but WECHAT_AES_KEY is not set")
        return Delivery(outer)

    def _decrypted(self, query: Mapping[str, str], encrypt: str) -> Delivery:
        cipher, content = self._unsealed(query, encrypt)
        return Delivery(parsed(content), cipher)

    def _unsealed(self, query: Mapping[str, str], encrypt: str) -> tuple[MessageCipher, bytes]:
        """What is inside, and the key that fits; `msg_signature` is checked before anything is decrypted."""
        parts = (self._token, query.get("timestamp", ""), query.get("nonce", ""), encrypt)
        if not encrypt or not signed(query.get("msg_signature", ""), *parts):
            raise Refused(FORBIDDEN, "msg_signature")
        for cipher in self._ciphers:
            try:
                return cipher, cipher.decrypt(encrypt)
            except BadCipher:
                continue
        raise Refused(FORBIDDEN, "no key fits")


def parsed(body: bytes) -> dict[str, str]:
    """The fields of a document. Raises Refused."""
    if len(body) > xml.LARGEST_BODY:
        raise Refused(TOO_LARGE, "too large")
    try:
        return xml.parse(body)
    except xml.BadXml as error:
        raise Refused(BAD_REQUEST, f"XML: {error}") from None
