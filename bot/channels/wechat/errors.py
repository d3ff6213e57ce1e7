"""What the platform's errcodes mean for us, and the errors that leave this package.

WeChatError
├── ApiError        code, reaction: the platform refused a call
└── NotDelivered    reason, permanent: a resident did not get a message
"""

from __future__ import annotations

from enum import Enum
from http import HTTPStatus

from sanic.exceptions import SanicException


class Reaction(Enum):
    """What to do about an errcode."""

    RETRY = "retry"  # the platform is busy: again, with back-off
    REFRESH = "refresh"  # the token is no longer good
    UPLOAD_AGAIN = "upload_again"  # media lives three days
    SPLIT = "split"  # shorter pieces
    CLOSED = "closed"  # no sending window: a template, or wait for the resident
    GONE = "gone"  # this resident can't be written to any more
    TOMORROW = "tomorrow"  # the day's quota is used up
    FORBIDDEN = "forbidden"  # this account may not do that
    OPERATOR = "operator"  # a human has to change something in Tencent's console
    IGNORE = "ignore"
    BUG = "bug"  # ours


REACTIONS: dict[int, Reaction] = {
    -1: Reaction.RETRY,
    45011: Reaction.RETRY,
    40001: Reaction.REFRESH,
    40014: Reaction.REFRESH,
    42001: Reaction.REFRESH,
    40003: Reaction.GONE,
    43004: Reaction.GONE,
    43101: Reaction.GONE,
    48002: Reaction.GONE,
    40007: Reaction.UPLOAD_AGAIN,
    45002: Reaction.SPLIT,
    45008: Reaction.SPLIT,
    45009: Reaction.TOMORROW,
    45015: Reaction.CLOSED,
    45047: Reaction.CLOSED,
    45072: Reaction.IGNORE,
    45080: Reaction.IGNORE,
    45081: Reaction.IGNORE,
    40200: Reaction.FORBIDDEN,
    48001: Reaction.FORBIDDEN,
    40164: Reaction.OPERATOR,
    45033: Reaction.RETRY,  # WeCom: too many calls at once
    60020: Reaction.OPERATOR,  # WeCom: this machine's address is not trusted
    81013: Reaction.GONE,  # WeCom: nobody of that name may see the application
    301002: Reaction.OPERATOR,  # WeCom: no right to the application
    48004: Reaction.OPERATOR,
    48006: Reaction.OPERATOR,
    50002: Reaction.OPERATOR,
}

ADVICE: dict[int, str] = {
    40164: "this machine's address is not in the account's IP whitelist (公众平台 → 设置与开发 → 基本配置)",
    60020: "this machine's address is not among the application's trusted IPs",
    301002: "the secret does not belong to WECOM_AGENT_ID",
    48001: "the account's type or verification does not include this interface; see WECHAT_ACCOUNT_KIND",
    48004: "the interface is banned for this account; see the notice in the console",
    45009: "the day's quota is used up; clear_quota works ten times a month",
    50002: "the account is frozen; see the notice in the console",
}


REASONS = {
    "no_right": "没有送达：这个公众号没有主动发消息的权限",
    "window_closed": "没有送达：居民很久没有来信或这次的条数用完了，平台不让再发，等居民来信或改打电话",
    "quota_used_up": "没有送达：今天的发送额度用完了",
    "unreachable": "没有送达：居民已取消关注或拒收",
    "platform": "没有送达：微信平台没有收下，请稍后再试",
}
"""Why a message did not arrive, for the staff."""


class WeChatError(Exception):
    """Base of what goes wrong with the platform."""


class ApiError(WeChatError):
    """The platform answered with an errcode, or not at all (code None)."""

    def __init__(self, call: str, code: int | None, message: str = "") -> None:
        super().__init__(f"{call}: {code} {ADVICE.get(code or 0, message)}".rstrip())
        self.call = call
        self.code = code

    @property
    def reaction(self) -> Reaction:
        """What to do about it; what nobody foresaw is ours to look at."""
        return Reaction.RETRY if self.code is None else REACTIONS.get(self.code, Reaction.BUG)


class NotDelivered(WeChatError, SanicException):
    """A resident did not get a message; nobody may be shown that it was sent.

    reason is a key of REASONS. permanent: trying again can't help. As an answer of the HTTP API it is a 424 with a
    sentence for the staff.
    """

    def __init__(self, reason: str, *, permanent: bool = False) -> None:
        SanicException.__init__(self, f"{REASONS[reason]}（{reason}）", status_code=HTTPStatus.FAILED_DEPENDENCY)
        self.reason = reason
        self.permanent = permanent
