from __future__ import annotations

import asyncio
import io
import os
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import redis
from PIL import Image

from bot.channels.web_session import WebSessions
from tests.channels.chat_server import SECRET
from tests.channels.running_chat import RunningChat
from tests.channels.socket_client import Refused, SocketClient

SESSIONS = WebSessions(SECRET, secure=False)
STRANGERS = WebSessions("another secret", secure=False)


@pytest.fixture(scope="module")
def chat(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningChat]:
    server = RunningChat(tmp_path_factory.mktemp("chat"))
    server.start()
    yield server
    server.stop()


@pytest.fixture
async def http(chat: RunningChat) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(chat.url, cookie_jar=aiohttp.DummyCookieJar()) as client:
        yield client


class Page:
    """An open chat page: what it was sent, and what it says."""

    def __init__(self, socket: SocketClient) -> None:
        self._socket = socket

    async def say(self, text: str = "", **said: Any) -> dict[str, Any]:
        return await self.ask("say", {"key": uuid.uuid4().hex, "text": text, **said})

    async def ask(self, event: str, value: Any = None) -> dict[str, Any]:
        return dict(await self._socket.call(event, value))

    @property
    def typing(self) -> list[bool]:
        return self._socket.received.get("typing", [])

    def words(self) -> list[tuple[str, str]]:
        """Author and text of what was pushed to the page."""
        pushed = [message for messages in self._socket.received.get("messages", []) for message in messages]
        return [(message["author"], message["text"]) for message in pushed]


@pytest.fixture
async def open_page(http: aiohttp.ClientSession) -> AsyncIterator[Any]:
    opened: list[SocketClient] = []

    async def open_(token: str | None, **headers: str) -> Page:
        socket = SocketClient(http)
        await socket.connect("/chat/socket.io", {"token": token} if token else {}, headers)
        opened.append(socket)
        return Page(socket)

    yield open_
    for socket in opened:
        await socket.close()


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


def picture(colour: str = "red", kind: str = "PNG") -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(content, kind)
    return content.getvalue()


async def upload(http: aiohttp.ClientSession, token: str | None, content: bytes) -> aiohttp.ClientResponse:
    form = aiohttp.FormData()
    form.add_field("photo", io.BytesIO(content), filename="<b>.html", content_type="text/html")
    return await http.post("/chat/upload", data=form, headers=bearer(token) if token else {})


async def test_page_issues_a_session_that_scripts_cannot_read(http: aiohttp.ClientSession) -> None:
    answer = await http.get("/chat")
    cookie = answer.cookies["chat_session"]
    assert SESSIONS.read(cookie.value)
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    again = await http.get("/chat", headers={"cookie": f"chat_session={cookie.value}"})
    assert again.cookies["chat_session"].value == cookie.value


async def test_page_allows_no_inline_script_or_style(http: aiohttp.ClientSession) -> None:
    answer = await http.get("/chat")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'self'" in policy
    assert " style=" not in await answer.text()


async def test_forged_session_becomes_a_new_one(http: aiohttp.ClientSession) -> None:
    forged = STRANGERS.issue().token
    answer = await http.get("/chat", headers={"cookie": f"chat_session={forged}"})
    assert answer.cookies["chat_session"].value.split(".")[0] != forged.split(".")[0]
    renewed = await (await http.post("/chat/session", headers=bearer(forged))).json()
    assert renewed["token"] != forged


async def test_embedded_page_keeps_its_token_itself(http: aiohttp.ClientSession) -> None:
    page = await http.get("/chat/embed")
    assert "frame-ancestors *" in page.headers["content-security-policy"]
    assert not page.cookies
    token = (await (await http.post("/chat/session")).json())["token"]
    assert SESSIONS.read(token)
    assert (await (await http.post("/chat/session", headers=bearer(token))).json())["token"] == token


@pytest.mark.parametrize("token", [None, "nonsense", STRANGERS.issue().token])
async def test_socket_needs_a_signed_session(open_page: Any, token: str | None) -> None:
    with pytest.raises(Refused):
        await open_page(token)


async def test_socket_refuses_other_origins(open_page: Any) -> None:
    with pytest.raises(Refused):
        await open_page(SESSIONS.issue().token, Origin="https://evil.example")


async def test_cookie_opens_the_socket(open_page: Any) -> None:
    page = await open_page(None, Cookie=f"chat_session={SESSIONS.issue().token}")
    assert (await page.say("你好"))["ok"]


async def test_every_tab_sees_the_same(open_page: Any) -> None:
    token = SESSIONS.issue().token
    first, second = await open_page(token), await open_page(token)
    stranger = await open_page(SESSIONS.issue().token)
    assert (await first.say("你好")) == {"ok": True}
    await second.ask("sync")
    assert first.words() == second.words() == [("resident", "你好"), ("bot", "收到：你好")]
    assert first.typing == [True, False]
    assert stranger.words() == []


async def test_message_sent_again_is_answered_once(open_page: Any) -> None:
    page = await open_page(SESSIONS.issue().token)
    for _ in range(2):
        assert (await page.say("漏水了", key="the-same-key"))["ok"]
    history = (await page.ask("sync"))["messages"]
    assert [(message["author"], message["key"]) for message in history] == [("resident", "the-same-key"), ("bot", None)]


@pytest.mark.parametrize(
    "said",
    [
        None,
        {"key": "short"},
        {"key": "k" * 32},
        {"key": "k" * 32, "text": 5},
        {"key": "k" * 32, "text": "长" * 10_001},
        {"key": "k" * 32, "text": "看", "photos": [{"id": "a" * 64, "receipt": "made up"}]},
        {"key": "k" * 32, "location": {"lat": 91, "lon": 0}},
        {"key": "k" * 32, "location": "here"},
    ],
)
async def test_what_no_page_sends_is_refused(open_page: Any, said: Any) -> None:
    page = await open_page(SESSIONS.issue().token)
    answer = await page.ask("say", said)
    assert answer["ok"] is False
    assert answer["retry"] is False
    assert (await page.ask("sync"))["messages"] == []


async def test_new_page_is_welcomed_once(open_page: Any) -> None:
    page = await open_page(SESSIONS.issue().token)
    welcome = (await page.ask("sync"))["welcome"]
    assert "机器人" in welcome["text"]
    assert {"title": "转人工", "payload": "转人工"} in welcome["buttons"]
    await page.say("你好")
    assert (await page.ask("sync"))["welcome"] is None


async def test_history_by_pages_and_on_from_a_message(open_page: Any) -> None:
    page = await open_page(SESSIONS.issue().token)
    for number in range(20):
        await page.say(f"第{number}句")
    latest = await page.ask("sync")
    assert latest["more"]
    earlier = await page.ask("earlier", latest["messages"][0]["id"])
    assert not earlier["more"]
    everything = earlier["messages"] + latest["messages"]
    assert [message["text"] for message in everything[::2]] == [f"第{number}句" for number in range(20)]
    assert (await page.ask("sync", everything[-3]["id"]))["messages"] == everything[-2:]


async def test_buttons_and_failure_are_in_the_history(open_page: Any) -> None:
    page = await open_page(SESSIONS.issue().token)
    await page.say("厨房水管爆了")
    assert (await page.say("坏了")) == {"ok": True}
    _, form, failed, apology = (await page.ask("sync"))["messages"]
    assert form["buttons"][1] == {"title": "不报了", "payload": "不报了"}
    assert failed["text"] == "坏了"
    assert "编号" in apology["text"]


async def test_operators_words_reach_every_tab_or_the_history(open_page: Any, http: aiohttp.ClientSession) -> None:
    session = SESSIONS.issue()
    said = {"sender_id": session.sender_id, "text": "我是王芳，我来帮您", "key": "operator-1"}
    await http.post("/test/operator", json=said)
    first, second = await open_page(session.token), await open_page(session.token)
    assert (await first.ask("sync"))["messages"][0]["name"] == "王芳"
    await http.post("/test/operator", json={**said, "text": "还在吗？", "key": "operator-2"})
    await second.ask("sync")
    assert first.words() == second.words() == [("operator", "还在吗？")]
    assert (await first.say("在的"))["ok"]
    assert first.words()[-1] == ("resident", "在的")


async def test_photo_is_for_its_owner_alone(open_page: Any, http: aiohttp.ClientSession) -> None:
    owner, other = SESSIONS.issue(), SESSIONS.issue()
    photo = await (await upload(http, owner.token, picture())).json()
    path = f"/chat/photo/{photo['id']}"
    assert (await http.get(path, headers=bearer(owner.token))).status == 404  # not in the conversation yet
    page, stranger = await open_page(owner.token), await open_page(other.token)
    assert (await stranger.say(photos=[photo]))["ok"] is False
    assert (await page.say(photos=[photo]))["ok"]
    assert (await page.ask("sync"))["messages"][0]["photos"] == [photo["id"]]
    shown = await http.get(path, headers=bearer(owner.token))
    assert (shown.status, shown.content_type) == (200, "image/jpeg")
    assert shown.headers["x-content-type-options"] == "nosniff"
    for headers in (bearer(other.token), bearer("nonsense"), {}):
        assert (await http.get(path, headers=headers)).status == 404


async def test_upload_refuses_what_is_no_photo(http: aiohttp.ClientSession) -> None:
    token = SESSIONS.issue().token
    assert (await upload(http, None, picture())).status == 401
    assert (await http.post("/chat/upload", headers=bearer(token))).status == 400
    for content in (b"<script>alert(1)</script>", b"<svg xmlns='http://www.w3.org/2000/svg'/>", picture()[:50], b""):
        answer = await upload(http, token, content)
        assert answer.status == 400
        assert "照片" in (await answer.json())["error"]
    assert (await upload(http, token, b"0" * (10 * 1024 * 1024 + 1))).status == 400
    assert (await upload(http, token, b"0" * (13 * 1024 * 1024))).status == 413


async def test_location_is_handed_on(open_page: Any) -> None:
    page = await open_page(SESSIONS.issue().token)
    assert (await page.say(location={"lat": 28.1, "lon": 115.9}))["ok"]
    assert (await page.ask("sync"))["messages"][0]["location"] == {"lat": 28.1, "lon": 115.9}


async def test_several_servers_share_their_pages(tmp_path: Path) -> None:
    redis_url = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/9")
    try:
        redis.Redis.from_url(redis_url).ping()
    except redis.ConnectionError as error:
        pytest.skip(f"no Redis at {redis_url}: {error}")
    servers = [RunningChat(tmp_path, redis_url), RunningChat(tmp_path, redis_url)]
    session = SESSIONS.issue()
    try:
        for server in servers:
            server.start()
        async with aiohttp.ClientSession(servers[0].url) as here, aiohttp.ClientSession(servers[1].url) as there:
            page = SocketClient(here)
            await page.connect("/chat/socket.io", {"token": session.token}, {})
            await page.call("say", {"key": "from-the-page", "text": "你好"})
            said = {"sender_id": session.sender_id, "text": "我是王芳", "key": "from-elsewhere"}
            await there.post("/test/operator", json=said)
            for _ in range(100):
                if ("operator", "我是王芳") in Page(page).words():
                    break
                await asyncio.sleep(0.05)
            assert ("operator", "我是王芳") in Page(page).words()
            await page.close()
    finally:
        for server in servers:
            server.stop()


async def test_widget_and_assets_are_served(http: aiohttp.ClientSession) -> None:
    for path, kind in (
        ("/chat/widget.js", "text/javascript"),
        ("/chat/static/chat/main.js", "text/javascript"),
        ("/chat/static/vendor/chatui.css", "text/css"),
        ("/chat/static/chat/bot.svg", "image/svg+xml"),
    ):
        answer = await http.get(path)
        assert (answer.status, answer.content_type) == (200, kind)
    assert (await http.get("/chat/static/../web.py")).status == 404
