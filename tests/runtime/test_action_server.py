"""Rasa's action protocol over HTTP, between the server and the client that the product uses."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from rasa.utils.endpoints import ClientResponseError
from rasa_sdk.interfaces import ActionExecutionRejection

from bot.runtime.action_executor import ApologisingExecutor
from bot.runtime.action_server import build_app
from bot.runtime.actions import RemoteActions
from tests.serving import serving

TOKEN = "token of the tests"


async def say_hello(dispatcher: Any, tracker: Any, domain: Any) -> list[dict[str, Any]]:
    dispatcher.utter_message(text=f"您好，{tracker.sender_id}")
    return [{"event": "slot", "name": "greeted", "value": True}]


async def reject(dispatcher: Any, tracker: Any, domain: Any) -> None:
    raise ActionExecutionRejection("reject")


async def fail(dispatcher: Any, tracker: Any, domain: Any) -> None:
    raise RuntimeError("a secret of the database")


@pytest.fixture
async def url() -> AsyncIterator[str]:
    executor = ApologisingExecutor()
    for action in (say_hello, reject, fail):
        executor.register_function(action.__name__, action)
    app = build_app(executor, TOKEN, name="action_server_of_the_tests")
    async with serving(app) as address:
        yield address


async def call(url: str, action: str, token: str = TOKEN) -> Any:
    actions = RemoteActions(url, token)
    tracker = {"sender_id": "rest:u1", "slots": {}, "events": [], "latest_message": {}}
    try:
        return await actions.request(json={"next_action": action, "tracker": tracker, "domain": {}})
    finally:
        await actions.close()
        await asyncio.sleep(0)


async def test_action_runs_and_its_words_and_events_come_back(url: str) -> None:
    result = await call(url, "say_hello")
    assert result["responses"][0]["text"] == "您好，rest:u1"
    assert result["events"][0]["name"] == "greeted"


async def test_rejection_looks_as_rasa_expects_it(url: str) -> None:
    with pytest.raises(ClientResponseError) as caught:
        await call(url, "reject")
    assert caught.value.status == 400
    assert json.loads(caught.value.text)["action_name"] == "reject"


async def test_unknown_action_is_told(url: str) -> None:
    with pytest.raises(ClientResponseError) as caught:
        await call(url, "no_such_action")
    assert caught.value.status == 404


async def test_failing_action_apologises_and_tells_no_secret(url: str) -> None:
    result = await call(url, "fail")
    assert result["responses"][0]["response"] == "utter_error"
    assert "secret" not in json.dumps(result)


async def test_wrong_token_is_refused(url: str) -> None:
    with pytest.raises(ClientResponseError) as caught:
        await call(url, "say_hello", token="wrong")
    assert caught.value.status == 401
