"""The server API of a WeCom application: another token, another way to send, the same care."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.channels.wechat.api import WeChatApi, patiently
from bot.channels.wechat.errors import ApiError
from bot.community.database import Database

FREQUENCY_PAUSE = timedelta(minutes=1)
NOBODY = 81013


class WeComApi(WeChatApi):
    """Calls WeCom for one application of the company."""

    platform = "wecom"

    def __init__(self, corp_id: str, agent_id: str, secret: str, database: Database, *, base: str) -> None:
        # Each application has a token of its own.
        super().__init__(f"{corp_id}:{agent_id}", secret, database, base=base)
        self._corp_id = corp_id
        self._agent_id = int(agent_id)

    async def send_text(self, openid: str, text: str) -> None:
        """An application message to one member. Raises ApiError, also when the platform skipped the member."""
        content = {"touser": openid, "agentid": self._agent_id, "msgtype": "text", "text": {"content": text}}
        answer = await self.call("message/send", content)
        if openid.lower() in str(answer.get("invaliduser") or "").lower().split("|"):
            raise ApiError("message/send", NOBODY)

    async def _fetch_token(self, force: bool) -> tuple[str, int]:
        """The platform gives the same token until its end; it can't be forced."""
        given = {"corpid": self._corp_id, "corpsecret": self._secret}
        answer = await patiently(lambda: self._request("gettoken", None, params=given))
        return str(answer.get("access_token", "")), int(answer.get("expires_in", 0))

    def _quota_until(self, now: datetime) -> datetime:
        """Here 45009 is a frequency, not a day's quota."""
        return now + FREQUENCY_PAUSE
