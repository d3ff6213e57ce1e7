"""Sections 1.3 to 1.5: three modes, the cipher, encrypted replies."""

from __future__ import annotations

import base64
import struct

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from bot.channels.wechat.callback import Gate
from bot.channels.wechat.crypto import BadCipher, MessageCipher
from tests.channels.wechat.conftest import OpenTown
from tests.channels.wechat.platform import Account, Platform
from tests.channels.wechat.requests import post
from tests.channels.wechat.test_signatures import text_of

KEY = Account().aes_key
OTHER_KEY = base64.b64encode(b"o" * 32).decode()[:43]


@pytest.mark.parametrize("mode", ["plain", "compatible", "security"])
async def test_message_is_answered_in_every_mode(open_town: OpenTown, mode: str) -> None:
    town = await open_town(Account(mode=mode))
    told = await town.platform.say("o1", "你好")
    assert told.shown == "收到：你好"
    assert not town.platform.faults_seen


async def test_compatible_mode_works_without_a_key(open_town: OpenTown) -> None:
    town = await open_town(Account(mode="compatible"), wechat_aes_key="")
    assert (await town.platform.say("o1", "你好")).shown == "收到：你好"


async def test_encrypted_body_without_a_key_is_refused(open_town: OpenTown) -> None:
    town = await open_town(wechat_aes_key="")
    assert (await town.platform.say("o1", "你好")).statuses == [400]


@pytest.mark.parametrize("encrypt_type", [None, "raw"])
async def test_plain_body_in_security_mode_is_refused(open_town: OpenTown, encrypt_type: str | None) -> None:
    town = await open_town()
    query = town.platform.query(None) | ({"encrypt_type": encrypt_type} if encrypt_type else {})
    status, _ = await post(town, query, town.platform.document(text_of("o1", "你好")).encode())
    assert status == 403
    assert not town.intake.taken


async def test_previous_key_is_accepted_and_answered_with(open_town: OpenTown) -> None:
    """During a change some deliveries still use the old key; the answer uses the key that worked."""
    town = await open_town(wechat_aes_key=OTHER_KEY, wechat_previous_aes_key=KEY)
    assert (await town.platform.say("o1", "你好")).shown == "收到：你好"
    town.platform.account.aes_key = OTHER_KEY
    assert (await town.platform.say("o1", "再见")).shown == "收到：再见"


async def test_success_stays_plain_in_security_mode(open_town: OpenTown) -> None:
    town = await open_town()
    assert (await town.platform.event("o1", "VIEW", EventKey="https://example.org")).bodies == [b"success"]


async def test_message_for_another_account_is_refused(open_town: OpenTown) -> None:
    town = await open_town()
    sealed = town.platform.encrypt(town.platform.document(text_of("o1", "你好")), app_id="wxffffffffffffffff")
    status, _ = await post(town, town.platform.query(sealed), f"<xml><Encrypt>{sealed}</Encrypt></xml>".encode())
    assert status == 403


def test_key_is_the_decoded_text_with_one_equals_sign() -> None:
    plain = encrypted(b"r" * 16 + struct.pack(">I", 2) + b"ok" + b"wx1")
    assert MessageCipher(KEY, "wx1").decrypt(plain) == b"ok"


@pytest.mark.parametrize("length", range(64))
def test_padding_goes_to_32_bytes(length: int) -> None:
    cipher = MessageCipher(KEY, "wx1")
    sealed = cipher.encrypt(b"x" * length)
    assert len(base64.b64decode(sealed)) % 32 == 0
    assert cipher.decrypt(sealed) == b"x" * length


@pytest.mark.parametrize(
    ("text", "step"),
    [
        ("", "blocks"),
        ("好", "base64"),
        ("AAAA\nAAAA", "base64"),
        ("AAA", "base64"),
        ("AAAA", "blocks"),
        (base64.b64encode(b"a" * 48).decode(), "blocks"),
        (base64.b64encode(b"a" * 64).decode(), "padding"),
    ],
)
def test_damaged_cipher_text_is_refused_at_its_step(text: str, step: str) -> None:
    with pytest.raises(BadCipher, match=step):
        MessageCipher(KEY, "wx1").decrypt(text)


def test_length_field_beyond_the_data_is_refused() -> None:
    with pytest.raises(BadCipher, match="length"):
        MessageCipher(KEY, "wx1").decrypt(encrypted(b"r" * 16 + struct.pack(">I", 4_000_000_000) + b"okwx1"))


def test_padding_that_disagrees_with_itself_is_refused() -> None:
    content = b"r" * 16 + struct.pack(">I", 2) + b"okwx1" + b"x" * 4 + b"\x03"
    with pytest.raises(BadCipher, match="padding"):
        MessageCipher(KEY, "wx1").decrypt(encrypted(content, padded=True))


def test_other_receiver_is_refused() -> None:
    with pytest.raises(BadCipher, match="receiver"):
        MessageCipher(KEY, "wx2").decrypt(MessageCipher(KEY, "wx1").encrypt(b"ok"))


def test_encrypted_reply_carries_names_and_signature_as_documented() -> None:
    platform = Platform("", Account())
    gate = Gate(platform.account.token, [], fresh_seconds=0)
    sealed = gate.seal("<xml>好</xml>", MessageCipher(KEY, platform.account.app_id))
    for name in ("<Encrypt><![CDATA[", "<MsgSignature><![CDATA[", "<TimeStamp>", "<Nonce><![CDATA["):
        assert name in sealed
    assert platform.decrypt(sealed.split("<![CDATA[")[1].split("]]>")[0]) == "<xml>好</xml>"


def encrypted(content: bytes, *, padded: bool = False) -> str:
    if not padded:
        count = 32 - len(content) % 32
        content += bytes([count]) * count
    content = content.rjust(-len(content) % 32 + len(content), b"p")
    key = base64.b64decode(KEY + "=")
    encryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    return base64.b64encode(encryptor.update(content) + encryptor.finalize()).decode()
