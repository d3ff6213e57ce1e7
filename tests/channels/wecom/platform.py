"""A local counterpart of WeCom: the callback of section 7.1 and the API of section 7.2, written from the document."""

from __future__ import annotations

import os
import time
from typing import Any

from aiohttp import web

from tests.channels.wechat.platform import Account, Platform, _answer, _element, _fields

AGENT = 1000002


class WeCom(Platform):
    """Plays WeCom to one application; the account's AppID is the CorpID."""

    def __init__(self, account: Account, *, second: float) -> None:
        super().__init__("", account, second=second)
        self.members: set[str] = set()

    def query(self, encrypted: str | None, *, moment: int | None = None) -> dict[str, str]:
        stamp, nonce = str(moment or int(time.time())), str(int.from_bytes(os.urandom(4), "big"))
        return {"msg_signature": self.signature(stamp, nonce, encrypted or ""), "timestamp": stamp, "nonce": nonce}

    def _document(self, message: dict[str, Any]) -> tuple[str, str | None]:
        message = {**message, "ToUserName": self.account.app_id, "AgentID": AGENT}
        encrypted = self.encrypt(self.document(message))
        outer = {"ToUserName": self.account.app_id, "AgentID": AGENT, "Encrypt": encrypted}
        return f"<xml>{''.join(_element(*item) for item in outer.items())}</xml>", encrypted

    def _content(self, openid: str, body: str) -> str:
        outer = _fields(body)
        expected = self.signature(outer["TimeStamp"], outer["Nonce"], outer["Encrypt"])
        assert outer["MsgSignature"] == expected, "MsgSignature"
        fields = _fields(self.decrypt(outer["Encrypt"]))
        assert (fields["ToUserName"], fields["FromUserName"]) == (openid, self.account.app_id)
        assert len(fields["Content"].encode()) <= 2048, "WeCom cuts it silently"
        return fields["Content"]

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        if request.match_info["path"] != "gettoken":
            return await super()._serve(request)
        self.calls.append(("gettoken", dict(request.query)))
        given = request.query
        if (given.get("corpid"), given.get("corpsecret")) != (self.account.app_id, self.account.secret):
            return _answer(40001)
        if self.tokens.get(self._current, 0.0) <= self.now():
            self._new_token()
        return web.json_response({"errcode": 0, "errmsg": "ok", "access_token": self._current, "expires_in": 7200})

    def _api_message_send(self, content: dict[str, Any]) -> web.Response:
        assert content["agentid"] == AGENT
        known = [user for user in content["touser"].split("|") if user in self.members]
        unknown = [user for user in content["touser"].split("|") if user not in self.members]
        if not known:
            return _answer(81013)
        for user in known:
            self.screens[user].append(content["text"]["content"])
        return web.json_response({"errcode": 0, "errmsg": "ok", "invaliduser": "|".join(unknown), "msgid": "m"})
