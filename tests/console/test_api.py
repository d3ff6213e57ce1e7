"""What programs get: triage, health, metrics."""

from __future__ import annotations

import aiohttp
import pytest

from bot.community import api_keys
from bot.community.clock import utcnow
from tests.console.conftest import TOKEN
from tests.console.fake_rasa import TRIAGE


async def ask(url, body, token=TOKEN):
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with (
        aiohttp.ClientSession(headers=headers) as client,
        client.post(f"{url}/api/v1/triage", data=body if isinstance(body, bytes) else None, json=_json(body)) as answer,
    ):
        return answer.status, await answer.json()


def _json(body):
    return None if isinstance(body, bytes) else body


async def test_triage_gives_the_triage_object(url):
    assert await ask(url, {"text": "厨房水管爆了"}) == (200, TRIAGE)


async def test_keys_of_the_scope_are_let_in(url, database):
    right = database.call(api_keys.create, "partner", ["triage"], now=utcnow())
    wrong = database.call(api_keys.create, "map", ["open311"], now=utcnow())
    assert (await ask(url, {"text": "你好"}, right))[0] == 200
    for token in (wrong, "", "nonsense", "令牌", right + "0"):
        assert (await ask(url, {"text": "你好"}, token))[0] == 401


BAD = [b"", b"{", b"[]", b"\xff", {"text": ""}, {"text": 5}, {}, {"text": "x" * 10_001}, {"text": " "}]


@pytest.mark.parametrize("body", BAD)
async def test_bad_bodies_are_explained(url, body):
    status, content = await ask(url, body)
    assert status == 400
    assert "text" in content["error"]


async def test_triage_without_rasa_says_so(url, rasa):
    rasa.down = True
    status, content = await ask(url, {"text": "你好"})
    assert status == 503
    assert "稍后再试" in content["error"]


async def test_health_and_metrics(stranger):
    assert (await stranger.get("/healthz")).text == '{"status":"ok"}'
    assert "python_info" in (await stranger.get("/metrics")).text
