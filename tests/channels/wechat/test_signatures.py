"""Sections 1.1, 1.2 and 5: who may knock at the callback."""

from __future__ import annotations

import time

import pytest

from bot.channels.wechat.callback import Gate, Refused
from bot.channels.wechat.crypto import MessageCipher, sign, signed
from tests.channels.wechat.conftest import OpenTown, Town
from tests.channels.wechat.platform import Account, Platform
from tests.channels.wechat.requests import get, post


def test_signature_is_sha1_of_the_sorted_parts() -> None:
    assert sign("token", "1700000000", "nonce") == "bf37e74fc61ce5974ce58c68e55130b79b2578b9"
    assert sign("b", "a", "c") == sign("c", "b", "a")


def test_signature_compare_takes_text_that_is_not_ascii() -> None:
    assert not signed("签名", "token", "1", "2")
    assert not signed("\udc80", "token", "1", "2")


async def test_verification_answers_echostr_exactly(town: Town) -> None:
    status, body = await get(town, town.platform.query(None) | {"echostr": "5838 <回声>"})
    assert (status, body.decode()) == (200, "5838 <回声>")


async def test_verification_with_wrong_signature_does_not_echo(town: Town) -> None:
    status, body = await get(town, town.platform.query(None) | {"echostr": "secret-echo", "signature": "0" * 40})
    assert status == 403
    assert b"secret-echo" not in body


async def test_verification_without_echostr_is_refused(town: Town) -> None:
    status, _ = await get(town, town.platform.query(None))
    assert status == 400


async def test_delivery_with_wrong_signature_is_refused(town: Town) -> None:
    status, _ = await post(town, town.platform.query(None) | {"signature": "0" * 40}, b"<xml/>")
    assert status == 403
    assert not town.intake.taken


async def test_valid_query_does_not_carry_another_body(town: Town) -> None:
    """`signature` does not cover the body: whoever saw a query must not put a plain body behind it."""
    plain = town.platform.document(text_of("o1", "你好"))
    status, _ = await post(town, town.platform.query(None), plain.encode())
    assert status == 403
    assert not town.intake.taken


async def test_msg_signature_covers_the_content(town: Town) -> None:
    genuine, other = (town.platform.encrypt(town.platform.document(text_of("o1", text))) for text in ("你好", "改过"))
    status, _ = await post(town, town.platform.query(genuine), f"<xml><Encrypt>{other}</Encrypt></xml>".encode())
    assert status == 403
    assert not town.intake.taken


@pytest.mark.parametrize("age", [-3600, 3600])
async def test_stale_timestamp_is_refused(town: Town, age: int) -> None:
    sealed = town.platform.encrypt(town.platform.document(text_of("o1", "你好")))
    query = town.platform.query(sealed, moment=int(time.time()) + age)
    status, _ = await post(town, query, f"<xml><Encrypt>{sealed}</Encrypt></xml>".encode())
    assert status == 403


async def test_timestamp_window_is_a_setting(open_town: OpenTown) -> None:
    town = await open_town(wechat_fresh_seconds=0)
    sealed = town.platform.encrypt(town.platform.document(text_of("o1", "你好")))
    query = town.platform.query(sealed, moment=1_700_000_000)
    status, _ = await post(town, query, f"<xml><Encrypt>{sealed}</Encrypt></xml>".encode())
    assert status == 200


async def test_retry_with_the_same_nonce_is_no_replay(town: Town) -> None:
    """It is not documented whether a retry carries a new nonce: rejecting an old one would lose messages."""
    sealed = town.platform.encrypt(town.platform.document(text_of("o1", "你好") | {"MsgId": 7}))
    query, body = town.platform.query(sealed), f"<xml><Encrypt>{sealed}</Encrypt></xml>".encode()
    first, second = [await post(town, query, body) for _ in range(2)]
    assert first[0] == second[0] == 200
    assert len(town.intake.taken) == 1


def test_timestamp_that_is_no_number_is_refused() -> None:
    gate = Gate("token", [], fresh_seconds=600)
    query = {"timestamp": "１２３", "nonce": "n", "signature": sign("token", "１２３", "n")}
    with pytest.raises(Refused) as refused:
        gate.open(query, b"<xml/>")
    assert refused.value.status == 400


def test_key_of_wrong_length_is_refused_at_start() -> None:
    with pytest.raises(ValueError, match="43"):
        MessageCipher("short", "wx1")


def text_of(openid: str, text: str) -> dict[str, object]:
    """A text message as the platform writes it."""
    fields = {"ToUserName": Account().original_id, "FromUserName": openid, "CreateTime": int(time.time())}
    return {**fields, "MsgType": "text", "Content": text, "MsgId": 1}


def test_platform_and_channel_agree_on_nothing_but_the_wire() -> None:
    """The counterpart has a cipher of its own: one's output is the other's input."""
    platform = Platform("", Account())
    cipher = MessageCipher(platform.account.aes_key, platform.account.app_id)
    assert cipher.decrypt(platform.encrypt("你好")).decode() == "你好"
    assert platform.decrypt(cipher.encrypt("再见".encode())) == "再见"
