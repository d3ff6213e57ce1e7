"""A local counterpart of Tencent's servers and of residents' phones, written from wechat-platform.md alone.

It imports nothing of the channel: it signs, encrypts, delivers and checks in its own way, and refuses what the
platform refuses. `second` shortens the platform's seconds, so that five of them need not last five.

    async with Platform("http://127.0.0.1:5005/webhooks/wechat/webhook", Account()) as platform:
        told = await platform.say("o1", "你好")
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import itertools
import json
import os
import re
import struct
import time
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any
from xml.dom import minidom

import aiohttp
from aiohttp import web
from cryptography.hazmat.primitives import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

FAULT = "该公众号提供的服务出现故障，请稍后再试"
MENU_LINK = r'<a href="weixin://bizmsgmenu\?msgmenucontent=([^"&]*)&msgmenuid=([^"&]*)">(.*?)</a>'
PATIENCE = 5.0
DELIVERIES = 3
HOURS = 3600.0


@dataclass
class Account:
    """One Official Account as its console shows it. mode: plain, compatible or security."""

    token: str = "callback-token"
    app_id: str = "wx0123456789abcdef"
    secret: str = "app-secret-never-logged"
    aes_key: str = base64.b64encode(bytes(range(32))).decode()[:43]
    original_id: str = "gh_0123456789ab"
    mode: str = "security"
    verified: bool = True
    kind: str = "service"
    per_message: int = 5


@dataclass
class Told:
    """What one message led to: text shown at once (None: nothing), and every body that the callback answered with."""

    shown: str | None = None
    bodies: list[bytes] = field(default_factory=list)
    statuses: list[int | None] = field(default_factory=list)


@dataclass
class _Follower:
    """What the platform knows of a resident: when each kind of contact was, and what was sent since."""

    opened: list[tuple[float, int, float]] = field(default_factory=list)  # until, messages allowed, since
    sent: list[float] = field(default_factory=list)
    typing_until: float = 0.0
    heard_at: float = -1e9


class Platform:
    """Plays Tencent: pushes to the callback, serves the API, keeps each phone's screen."""

    def __init__(self, callback: str, account: Account | None = None, *, second: float = 1.0) -> None:
        self.callback = callback
        self.account = account or Account()
        self.second = second
        self.screens: dict[str, list[str]] = defaultdict(list)
        self.followers: dict[str, _Follower] = defaultdict(_Follower)
        self.unfollowed: set[str] = set()
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.faults: dict[str, list[int]] = defaultdict(list)
        self.media: dict[str, tuple[bytes, str]] = {}
        self.tokens: dict[str, float] = {}
        self.refreshes = 0
        self.skipped = 0.0  # seconds that tests let pass
        self.api_delay = 0.0
        self.faults_seen: list[str] = []
        self._current = ""
        self._ids = itertools.count(23000000000000001)
        self._token_ids = itertools.count(1)

    async def __aenter__(self) -> Platform:
        application = web.Application(client_max_size=20 * 1024 * 1024)
        application.router.add_route("*", "/cgi-bin/{path:.*}", self._serve)
        self._runner = web.AppRunner(application, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.api_base = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0, force_close=True))
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()
        await self._runner.cleanup()

    # The phone ------------------------------------------------------------------------------------------------------

    async def say(self, openid: str, text: str, **how: Any) -> Told:
        """A resident types a text."""
        return await self.push(openid, {"MsgType": "text", "Content": text}, **how)

    async def tap_link(self, openid: str, shown: str, label: str) -> Told:
        """A resident taps a link that an answer offers."""
        for sends, id, title in re.findall(
            r'<a href="weixin://bizmsgmenu\?msgmenucontent=([^"&]*)&msgmenuid=([^"&]*)">(.*?)</a>', shown
        ):
            if title == label:
                return await self.push(openid, {"MsgType": "text", "Content": sends, "bizmsgmenuid": id})
        raise AssertionError(f"no link {label!r} in {shown!r}")

    async def event(self, openid: str, name: str, **fields: Any) -> Told:
        """An event; it has no MsgId."""
        return await self.push(openid, {"MsgType": "event", "Event": name, **fields})

    # Deliveries -----------------------------------------------------------------------------------------------------

    async def push(
        self,
        openid: str,
        fields: dict[str, Any],
        *,
        breaks: tuple[float, ...] = (),
        lose: int = 0,
        duplicates: int = 0,
        deliveries: int = DELIVERIES,
        message_id: int | None = None,
        created: int | None = None,
    ) -> Told:
        """Deliver a message as Tencent does, up to three times.

        breaks: after how many real seconds the connection of each of the first deliveries is cut. lose: so many
        complete answers get lost on the way back. duplicates: deliveries made at the same time as the first.
        """
        message = {"ToUserName": self.account.original_id, "FromUserName": openid}
        message["CreateTime"] = created or int(time.time())
        message |= fields
        if fields["MsgType"] != "event":
            message["MsgId"] = message_id or next(self._ids)
        self._contact(openid, fields)
        body = self._document(message)
        twins = [asyncio.create_task(self._deliver(openid, body, None)) for _ in range(duplicates)]
        told = Told()
        for number in range(deliveries):
            cut = breaks[number] if number < len(breaks) else None
            status, answer = await self._deliver(openid, body, cut)
            told.statuses.append(status)
            if answer is not None:
                told.bodies.append(answer)
            if status is not None and number >= lose:
                told.shown = self._read(openid, status, answer or b"")
                break
        else:
            told.shown = FAULT
        for twin in await asyncio.gather(*twins):
            assert twin[0] in (200, None), twin
            told.bodies.append(twin[1] or b"")
        if told.shown is not None and fields.get("Event") != "unsubscribe":
            self.screens[openid].append(told.shown)
        return told

    def query(self, encrypted: str | None, *, moment: int | None = None) -> dict[str, str]:
        """The query of a delivery, signed now."""
        stamp, nonce = (
            str(moment if moment is not None else int(time.time())),
            str(int.from_bytes(os.urandom(4), "big")),
        )
        query = {"signature": self.signature(stamp, nonce), "timestamp": stamp, "nonce": nonce}
        if encrypted is not None:
            query |= {"encrypt_type": "aes", "msg_signature": self.signature(stamp, nonce, encrypted)}
        return query

    def signature(self, *parts: str) -> str:
        return hashlib.sha1("".join(sorted([self.account.token, *parts])).encode()).hexdigest()  # noqa: S324

    def encrypt(self, text: str, *, app_id: str | None = None, key: str | None = None) -> str:
        """As Tencent encrypts: random, length, text, AppID, PKCS#7 to 32 bytes, AES-256-CBC."""
        raw, receiver = text.encode(), (app_id or self.account.app_id).encode()
        padder = padding.PKCS7(256).padder()
        plain = padder.update(os.urandom(16) + struct.pack(">I", len(raw)) + raw + receiver) + padder.finalize()
        secret = base64.b64decode((key or self.account.aes_key) + "=")
        encryptor = Cipher(algorithms.AES(secret), modes.CBC(secret[:16])).encryptor()
        return base64.b64encode(encryptor.update(plain) + encryptor.finalize()).decode()

    def decrypt(self, text: str, key: str | None = None) -> str:
        secret = base64.b64decode((key or self.account.aes_key) + "=")
        decryptor = Cipher(algorithms.AES(secret), modes.CBC(secret[:16])).decryptor()
        unpadder = padding.PKCS7(256).unpadder()
        plain = unpadder.update(decryptor.update(base64.b64decode(text)) + decryptor.finalize()) + unpadder.finalize()
        (length,) = struct.unpack(">I", plain[16:20])
        assert plain[20 + length :].decode() == self.account.app_id, "wrong receiver in a reply"
        return plain[20 : 20 + length].decode()

    def document(self, message: dict[str, Any]) -> str:
        """The plain XML: texts in CDATA, numbers bare, control characters as they are."""
        return f"<xml>{''.join(_element(name, value) for name, value in message.items())}</xml>"

    def _document(self, message: dict[str, Any]) -> tuple[str, str | None]:
        plain = self.document(message)
        if self.account.mode == "plain":
            return plain, None
        encrypted = self.encrypt(plain)
        sealed = _element("Encrypt", encrypted)
        if self.account.mode == "compatible":
            return plain.replace("</xml>", f"{sealed}</xml>"), encrypted
        return f"<xml>{_element('ToUserName', self.account.original_id)}{sealed}</xml>", encrypted

    async def _deliver(
        self, openid: str, body: tuple[str, str | None], cut: float | None
    ) -> tuple[int | None, bytes | None]:
        """One delivery; (None, None) when no complete answer came in time."""
        seconds = PATIENCE * self.second if cut is None else cut
        query = {**self.query(body[1]), "openid": openid}
        started = time.monotonic()
        try:
            async with self._session.post(
                self.callback,
                params=query,
                data=body[0].encode("utf-8", "surrogatepass"),
                headers={"Content-Type": "text/xml"},
                timeout=aiohttp.ClientTimeout(total=seconds),
            ) as response:
                return response.status, await response.read()
        except asyncio.TimeoutError:
            return None, None
        except aiohttp.ClientError:  # refused or reset: the next delivery still comes when the time is over
            await asyncio.sleep(max(0.0, seconds - (time.monotonic() - started)))
            return None, None

    # What the phone shows -------------------------------------------------------------------------------------------

    def _read(self, openid: str, status: int, body: bytes) -> str | None:
        if status != 200:
            return self._fault(f"status {status}: {body[:80]!r}")
        if body in (b"", b"success"):
            return None
        try:
            return self._content(openid, body.decode())
        except Exception as error:
            return self._fault(f"{type(error).__name__}: {error} in {body[:300]!r}")

    def _fault(self, why: str) -> str:
        self.faults_seen.append(why)
        return FAULT

    def _content(self, openid: str, body: str) -> str:
        fields = _fields(body)
        if self.account.mode == "security":
            assert set(fields) == {"Encrypt", "MsgSignature", "TimeStamp", "Nonce"}, f"not encrypted: {set(fields)}"
        if "Encrypt" in fields:
            expected = self.signature(fields["TimeStamp"], fields["Nonce"], fields["Encrypt"])
            assert fields["MsgSignature"] == expected, "MsgSignature"
            fields = _fields(self.decrypt(fields["Encrypt"]))
        assert fields["ToUserName"] == openid, "ToUserName must be the openid"
        assert fields["FromUserName"] == self.account.original_id, "FromUserName must be the account"
        assert re.fullmatch(r"\d{10}", fields["CreateTime"]), "CreateTime must be integer seconds"
        assert fields["MsgType"] == "text", "MsgType"
        assert fields["Content"], "an empty Content is not an empty reply"
        assert len(fields["Content"].encode()) <= 2048, "too long"
        return fields["Content"]

    # The API --------------------------------------------------------------------------------------------------------

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        path = request.match_info["path"]
        raw = await request.read()
        assert b"\\u" not in raw, "40033: escapes are not allowed"
        content = json.loads(raw) if raw and request.content_type == "application/json" else dict(request.query)
        self.calls.append((path, content))
        if self.api_delay:
            await asyncio.sleep(self.api_delay)
        if self.faults[path]:
            code = self.faults[path].pop(0)
            if code == 502:
                return web.Response(status=502, text="bad gateway")
            if code:
                return _answer(code)
        if path == "stable_token":
            return self._stable_token(content)
        if path == "token":
            return self._classic_token(content)
        refusal = self._check_token(request.query.get("access_token", ""))
        if refusal:
            return _answer(refusal)
        handler = getattr(self, "_api_" + path.replace("/", "_"), None)
        return handler(content) if handler else _answer(40066)

    def now(self) -> float:
        return time.time() + self.skipped

    def lose_tokens(self) -> None:
        """Every token stops working at once."""
        self.tokens.clear()
        self._current = ""

    def _stable_token(self, content: dict[str, Any]) -> web.Response:
        if content.get("secret") != self.account.secret or content.get("appid") != self.account.app_id:
            return _answer(40125)
        left = self.tokens.get(self._current, 0.0) - self.now()
        if content.get("force_refresh"):
            self.tokens.clear()
            left = 0.0
        if left < 300:
            self._new_token()
            left = 7200.0
        return web.json_response({"access_token": self._current, "expires_in": int(left)})

    def _classic_token(self, content: dict[str, Any]) -> web.Response:
        if content.get("secret") != self.account.secret:
            return _answer(40125)
        for token in self.tokens:
            self.tokens[token] = min(self.tokens[token], self.now() + 300)
        self._new_token()
        return web.json_response({"access_token": self._current, "expires_in": 7200})

    def _new_token(self) -> None:
        self.refreshes += 1
        self._current = f"token-{next(self._token_ids)}-" + "x" * 400
        self.tokens[self._current] = self.now() + 7200

    def _check_token(self, token: str) -> int:
        if not token:
            return 41001
        if token not in self.tokens:
            return 40001
        return 42001 if self.tokens[token] <= self.now() else 0

    def _api_message_custom_send(self, content: dict[str, Any]) -> web.Response:
        if not self.account.verified:
            return _answer(48001)
        openid = content["touser"]
        if openid in self.unfollowed:
            return _answer(43004)
        text = content["text"]["content"]
        if not text:
            return _answer(44004)
        if len(text.encode()) > 2048:
            return _answer(45002)
        if code := self._window(openid):
            return _answer(code)
        self.followers[openid].sent.append(self.now())
        self.followers[openid].typing_until = 0.0
        self.screens[openid].append(text)
        return _answer(0)

    def _api_message_custom_typing(self, content: dict[str, Any]) -> web.Response:
        follower = self.followers[content["touser"]]
        if content["command"] not in ("Typing", "CancelTyping"):
            return _answer(45072)
        if self.now() - follower.heard_at > 30:
            return _answer(45080)
        if follower.typing_until > self.now():
            return _answer(45081)
        follower.typing_until = self.now() + 15
        return _answer(0)

    def _api_message_template_send(self, content: dict[str, Any]) -> web.Response:
        if not (self.account.verified and self.account.kind == "service"):
            return _answer(48001)
        if content["touser"] in self.unfollowed:
            return _answer(43004)
        assert all(len(item["value"]) <= 20 for item in content["data"].values()), "thing values have 20 characters"
        self.screens[content["touser"]].append("模板：" + "，".join(item["value"] for item in content["data"].values()))
        return web.json_response({"errcode": 0, "errmsg": "ok", "msgid": 1})

    def _api_menu_create(self, content: dict[str, Any]) -> web.Response:
        if not (self.account.verified or self.account.kind == "service"):
            return _answer(48001)
        entries = content["button"]
        assert 1 <= len(entries) <= 3
        for entry in entries:
            assert len(entry["name"].encode()) <= 16
            subs = entry.get("sub_button", [])
            assert len(subs) <= 5
            for each in subs or [entry]:
                assert len(each["name"].encode()) <= 60
                assert each["type"] == "click"
                assert len(each["key"].encode()) <= 128
        return _answer(0)

    def _api_media_get(self, content: dict[str, Any]) -> web.Response:
        if not self.account.verified:
            return _answer(48001)
        found = self.media.get(content["media_id"])
        return web.Response(body=found[0], content_type=found[1]) if found else _answer(40007)

    def _api_getcallbackip(self, content: dict[str, Any]) -> web.Response:
        return web.json_response({"ip_list": ["127.0.0.1"]})

    # Windows --------------------------------------------------------------------------------------------------------

    def _contact(self, openid: str, fields: dict[str, Any]) -> None:
        follower, now = self.followers[openid], self.now()
        follower.heard_at = now
        event = str(fields.get("Event", "")).lower()
        if event == "unsubscribe":
            self.unfollowed.add(openid)
        elif event == "subscribe":
            self.unfollowed.discard(openid)
        if event in ("click", "scancode_push", "scancode_waitmsg", "subscribe", "scan") or "bizmsgmenuid" in fields:
            follower.opened.append((now + 60, 3, now))
        elif not event:
            follower.opened.append((now + 48 * HOURS, self.account.per_message, now))

    def _window(self, openid: str) -> int:
        follower, now = self.followers[openid], self.now()
        latest: dict[int, tuple[float, int, float]] = {opening[1]: opening for opening in follower.opened}
        is_open = [opening for opening in latest.values() if opening[0] > now]
        if not is_open:
            return 45015
        return 0 if any(sum(sent >= since for sent in follower.sent) < most for _, most, since in is_open) else 45047


def _answer(code: int) -> web.Response:
    return web.json_response({"errcode": code, "errmsg": "ok" if code == 0 else f"error {code} rid: 1-2-3"})


def _element(name: str, value: Any) -> str:
    if isinstance(value, dict):
        inner = "".join(_element(*item) for item in value.items())
    else:
        inner = str(value) if isinstance(value, (int, float)) else f"<![CDATA[{value}]]>"
    return f"<{name}>{inner}</{name}>"


def _fields(text: str) -> dict[str, str]:
    root = minidom.parseString(text.encode()).documentElement  # noqa: S318 (our own channel wrote it)
    assert root.tagName == "xml", root.tagName
    found = {}
    for node in root.childNodes:
        if node.nodeType == node.ELEMENT_NODE:
            found[node.tagName] = "".join(child.data for child in node.childNodes)
    return found
