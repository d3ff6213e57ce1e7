"""Section 5: whatever comes, never a 5xx and never a hang."""

from __future__ import annotations

import asyncio
import os
import time
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.channels.wechat.callback import Gate, Refused
from bot.channels.wechat.crypto import BadCipher, MessageCipher, sign
from bot.channels.wechat.messages import NotForUs, from_fields, location
from bot.channels.wechat.xml import BadXml, parse
from tests.channels.wechat.conftest import OpenTown
from tests.channels.wechat.platform import Account
from tests.channels.wechat.requests import post

SECONDS = float(os.environ.get("FUZZ_SECONDS", "5"))
NAMES = ["ToUserName", "FromUserName", "CreateTime", "MsgType", "Content", "MsgId", "Event", "EventKey", "Encrypt"]
NAMES += ["Location_X", "Location_Y", "Label", "MediaId", "Recognition", "bizmsgmenuid", "Title", "Url", "x", "中文"]
VALUES = ["", "text", "event", "image", "voice", "location", "subscribe", "SCAN", "CLICK", "0", "-1", "9" * 40, "o1"]

value = st.one_of(st.sampled_from(VALUES), st.text(max_size=50))
written = st.tuples(st.sampled_from(NAMES), value, st.booleans()).map(
    lambda each: f"<{each[0]}>{f'<![CDATA[{each[1]}]]>' if each[2] else each[1]}</{each[0]}>"
)
document = st.lists(written, max_size=12).map(lambda parts: f"<xml>{''.join(parts)}</xml>".encode("utf-8", "replace"))
body = st.one_of(
    document, st.binary(max_size=300), st.text(max_size=300).map(lambda text: text.encode("utf-8", "replace"))
)


@given(body)
def test_parsing_refuses_or_understands(body: bytes) -> None:
    try:
        message = from_fields(parse(body))
    except (BadXml, NotForUs):
        return
    assert message.sender_id.startswith("wechat:")
    location(message)


@given(st.text(max_size=200) | st.from_regex(r"[A-Za-z0-9+/]{0,200}={0,3}", fullmatch=True))
def test_decrypting_refuses_or_understands(text: str) -> None:
    with pytest.raises(BadCipher):
        MessageCipher(Account().aes_key, "wx1").decrypt(text)


@given(st.dictionaries(st.sampled_from(["signature", "timestamp", "nonce", "echostr", "encrypt_type"]), value), body)
def test_nothing_unsigned_gets_in(query: dict[str, str], body: bytes) -> None:
    gate = Gate("a token that nobody guesses", [MessageCipher(Account().aes_key, "wx1")], fresh_seconds=600)
    for attempt in (lambda: gate.verify(query), lambda: gate.open(query, body)):
        with pytest.raises(Refused):
            attempt()


@given(body, st.booleans())
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_signed_garbage_is_refused_or_understood(body: bytes, encrypted: bool) -> None:
    cipher = MessageCipher(Account().aes_key, "wx1")
    moment = str(int(time.time()))
    query = {"timestamp": moment, "nonce": "n", "signature": sign("t", moment, "n")}
    if encrypted:
        sealed = cipher.encrypt(body)
        query |= {"encrypt_type": "aes", "msg_signature": sign("t", moment, "n", sealed)}
        body = f"<xml><Encrypt>{sealed}</Encrypt></xml>".encode()
    status = 200
    try:
        Gate("t", [cipher] if encrypted else [], fresh_seconds=600).open(query, body)
    except Refused as refused:
        status = refused.status
    assert status in (200, 400, 403, 413)


@pytest.mark.parametrize("mode", ["plain", "security"])
async def test_server_never_answers_5xx(open_town: OpenTown, mode: str) -> None:
    """For FUZZ_SECONDS (60 in CI) per mode: signed and unsigned garbage against the real server."""
    town = await open_town(Account(mode=mode))
    end = time.monotonic() + SECONDS
    statuses: set[int] = set()

    async def once(content: bytes, query: dict[str, Any]) -> None:
        status, _ = await asyncio.wait_for(post(town, query, content), 10)
        assert status < 500, content
        statuses.add(status)

    @given(body, st.sampled_from(["none", "plain", "aes"]))
    @settings(max_examples=40, database=None, suppress_health_check=list(HealthCheck))
    def collect(content: bytes, how: str) -> None:
        batch.append((content, how))

    while time.monotonic() < end:
        batch: list[tuple[bytes, str]] = []
        collect()
        for content, how in batch:
            query: dict[str, Any] = {} if how == "none" else town.platform.query(None)
            if how == "aes":
                sealed = town.platform.encrypt("x") if len(content) % 2 else content.decode("utf-8", "replace")
                query = town.platform.query(sealed)
            await once(content, query)
    assert statuses <= {200, 400, 403, 413}
