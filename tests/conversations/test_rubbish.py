"""Rubbish through the REST channel: a clear refusal or a sensible answer, never a traceback and never silence."""

from __future__ import annotations

import json
import urllib.error
import urllib.request

import pytest

from tests.conversations.server import TOKEN, Resident, Server


def post(server: Server, body: bytes, token: str = TOKEN) -> tuple[int, str]:
    request = urllib.request.Request(
        f"http://127.0.0.1:{server.port}/webhooks/rest/webhook",
        data=body,
        headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


BODIES = {
    "not json": b"{",
    "not an object": b"[]",
    "empty": b"",
    "no sender": json.dumps({"message": "x"}).encode(),
    "sender of another kind": json.dumps({"sender": 5, "message": "x"}).encode(),
    "message of another kind": json.dumps({"sender": "a", "message": {"a": 1}}).encode(),
    "attachments of another kind": json.dumps(
        {"sender": "a", "message": "x", "metadata": {"attachments": "photo"}}
    ).encode(),
    "deep": b"[" * 100_000,
    "bytes": bytes(range(256)),
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_a_bad_request_is_refused_in_a_sentence(server: Server, body: bytes) -> None:
    status, answer = post(server, body)
    assert status == 400
    assert "error" in json.loads(answer)
    assert "Traceback" not in answer


def test_without_the_token_nothing_is_answered(server: Server) -> None:
    assert post(server, json.dumps({"sender": "a", "message": "你好"}).encode(), token="guess")[0] == 401


TEXTS = {
    "nothing": "",
    "spaces": " \n\t ",
    "nul": "水管\x00爆了",
    "half a surrogate": "水管爆了\ud83d",
    "emoji": "🚰💦🆘" * 200,
    "two thousand characters": "我家的水管爆了，麻烦来人。" * 160,
    "a hundred thousand characters": "水" * 100_000,
    "html": "<img src=x onerror=alert(1)>" * 20,
    "right to left": "\u202e了爆管水\u202c",
    "digits": "9" * 500,
    "braces": "{problem} {0} %s ${PATH}",
    "english": "My kitchen pipe burst, please help",
    "a command": "/restart",
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_any_text_gets_a_sensible_answer(server: Server, text: str) -> None:
    resident = Resident(server)
    heard = resident.hear(text)
    assert heard.strip()
    assert "没处理好" not in heard, server.log()[-2000:]
    assert "Traceback" not in heard
    assert resident.hear("你会做什么").strip()
