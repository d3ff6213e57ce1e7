"""Sections 2 and 5: XML from strangers."""

from __future__ import annotations

import time

import pytest

from bot.channels.wechat import xml
from bot.channels.wechat.xml import BadXml, Cdata, build, parse
from tests.channels.wechat.conftest import OpenTown
from tests.channels.wechat.platform import Account
from tests.channels.wechat.requests import post

BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><xml><Content>&b;</Content></xml>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><xml><Content>&e;</Content></xml>'
GARBAGE = [
    b"",
    b"\x00",
    b"{}",
    b"<xml>",
    b"<xml></xml",
    b"<html/>",
    b"<xml><a></b></xml>",
    "<xml>\ufeff".encode("utf-16"),
    b"<!DOCTYPE xml><xml/>",
    BOMB.encode(),
    OUTSIDE.encode(),
    b"<xml>" + b"<a>" * 200 + b"</a>" * 200 + b"</xml>",
    b"<xml>&nbsp;</xml>",
    b"<xml a=1></xml>",
]


@pytest.mark.parametrize("body", GARBAGE)
def test_hostile_xml_is_refused(body: bytes) -> None:
    with pytest.raises(BadXml):
        parse(body)


def test_size_is_limited_before_parsing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml, "fromstring", lambda *_, **__: pytest.fail("it was parsed"))
    with pytest.raises(BadXml, match="large"):
        parse(b"<xml>" + b"a" * xml.LARGEST_BODY + b"</xml>")


def test_deepest_document_of_legal_size_is_refused_fast() -> None:
    body = b"<xml>" + b"<a>" * 18_000 + b"</a>" * 18_000 + b"</xml>"
    started = time.perf_counter()
    with pytest.raises(BadXml):
        parse(body)
    assert time.perf_counter() - started < 1


def test_control_characters_are_removed_before_parsing() -> None:
    body = "<xml><Content><![CDATA[水管\x00\x0b\x1f漏\ufffe\t了]]></Content></xml>".encode()
    assert parse(body) == {"Content": "水管漏\t了"}


def test_half_a_character_costs_no_message() -> None:
    assert parse("<xml><Content>坏了😀".encode()[:-2] + b"</Content></xml>")["Content"].startswith("坏了")


def test_first_of_repeated_elements_counts() -> None:
    assert parse(b"<xml><MsgType>text</MsgType><MsgType>event</MsgType></xml>") == {"MsgType": "text"}


def test_nested_elements_are_named_by_their_path() -> None:
    body = "<xml><ScanCodeInfo><ScanType>qrcode</ScanType><ScanResult>1</ScanResult></ScanCodeInfo></xml>"
    assert parse(body.encode()) == {"ScanCodeInfo/ScanType": "qrcode", "ScanCodeInfo/ScanResult": "1"}


def test_declared_encoding_is_ignored() -> None:
    assert parse('<?xml version="1.0" encoding="gbk"?><xml><a>好</a></xml>'.encode()) == {"a": "好"}


def test_end_of_cdata_inside_a_text_is_split() -> None:
    written = build({"Content": Cdata("a]]>b<c>&")})
    assert parse(written.encode()) == {"Content": "a]]>b<c>&"}


def test_list_becomes_items() -> None:
    assert build({"Articles": [{"Title": Cdata("好")}]}) == (
        "<xml><Articles><item><Title><![CDATA[好]]></Title></item></Articles></xml>"
    )


@pytest.mark.parametrize("body", GARBAGE)
@pytest.mark.parametrize("mode", ["plain", "security"])
async def test_garbage_gets_4xx(open_town: OpenTown, mode: str, body: bytes) -> None:
    town = await open_town(Account(mode=mode))
    for query in ({}, town.platform.query(None), town.platform.query("x")):
        status, answer = await post(town, query, body)
        assert 400 <= status < 500
        assert b"Traceback" not in answer


async def test_too_large_a_body_gets_413(open_town: OpenTown) -> None:
    town = await open_town(Account(mode="plain"))
    status, _ = await post(town, town.platform.query(None), b"<xml>" + b"a" * 200_000 + b"</xml>")
    assert status == 413
