"""Signatures and the cipher of callbacks, the same for the Official Account and for WeCom.

Order on receipt: compare the signature, decode strictly, check whole blocks, decrypt, check the padding, the length
field and the receiver; each step that fails ends in BadCipher with no more than the step's name.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import re
import struct

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

KEY_TEXT = re.compile(r"[A-Za-z0-9+/]{43}")
BLOCK = 32  # of the padding; AES itself works in blocks of 16
RANDOM_BYTES = 16
LENGTH_BYTES = 4


class BadCipher(ValueError):
    """The text was not encrypted with this key for this receiver."""


def sign(*parts: str) -> str:
    """The platform's signature: SHA-1 over the parts in text order, lower-case hex."""
    joined = "".join(sorted(parts)).encode("utf-8", "surrogatepass")
    return hashlib.sha1(joined).hexdigest()  # noqa: S324 (the platform's choice)


def signed(signature: str, *parts: str) -> bool:
    """Whether the signature belongs to the parts; compared in constant time, on bytes because a str must be ASCII."""
    return hmac.compare_digest(signature.encode("utf-8", "surrogatepass"), sign(*parts).encode())


class MessageCipher:
    """AES-256-CBC with one EncodingAESKey for one receiver (an AppID or a CorpID)."""

    def __init__(self, encoding_aes_key: str, receiver: str) -> None:
        if not KEY_TEXT.fullmatch(encoding_aes_key):
            raise ValueError("an EncodingAESKey has 43 characters, letters and digits")
        self._key = base64.b64decode(encoding_aes_key + "=")
        self._receiver = receiver.encode()

    def encrypt(self, message: bytes) -> str:
        """The message as base64 text, different each time."""
        content = os.urandom(RANDOM_BYTES) + struct.pack(">I", len(message)) + message + self._receiver
        count = BLOCK - len(content) % BLOCK
        encryptor = self._cipher().encryptor()
        return base64.b64encode(encryptor.update(content + bytes([count]) * count) + encryptor.finalize()).decode()

    def decrypt(self, text: str) -> bytes:
        """The message inside. Raises BadCipher."""
        content = _unpadded(self._plain(_decoded(text)))
        if len(content) < RANDOM_BYTES + LENGTH_BYTES:
            raise BadCipher("too short")
        start = RANDOM_BYTES + LENGTH_BYTES
        (length,) = struct.unpack(">I", content[RANDOM_BYTES:start])
        if length > len(content) - start:
            raise BadCipher("length field")
        if not hmac.compare_digest(content[start + length :], self._receiver):
            raise BadCipher("receiver")
        return content[start : start + length]

    def _plain(self, content: bytes) -> bytes:
        decryptor = self._cipher().decryptor()
        return decryptor.update(content) + decryptor.finalize()

    def _cipher(self) -> Cipher:
        return Cipher(algorithms.AES(self._key), modes.CBC(self._key[:16]))


def _decoded(text: str) -> bytes:
    try:
        content = base64.b64decode(text.encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error):
        raise BadCipher("base64") from None
    if not content or len(content) % BLOCK:
        raise BadCipher("blocks")
    return content


def _unpadded(content: bytes) -> bytes:
    count = content[-1]
    if not 1 <= count <= BLOCK or content[-count:] != bytes([count]) * count:
        raise BadCipher("padding")
    return content[:-count]
