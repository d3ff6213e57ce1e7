"""The console's cookies and what is derived from them: the signed log-in, and the token of every form."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from sanic.request import Request
from sanic.response import HTTPResponse

LOGIN = "console_login"
VISIT = "console_visit"
SEEN = "console_seen"
YEAR = 365 * 24 * 3600


class Signer:
    """Signs with the installation's secret key; a signature for one purpose is none for another."""

    def __init__(self, secret: str) -> None:
        self._key = secret.encode()

    def mark(self, purpose: str, value: str) -> str:
        return hmac.new(self._key, f"{purpose}\n{value}".encode("utf-8", "ignore"), hashlib.sha256).hexdigest()

    def seal(self, purpose: str, value: str) -> str:
        return f"{value}.{self.mark(purpose, value)}"

    def unseal(self, purpose: str, sealed: str) -> str | None:
        """The value, or None when it was not sealed here."""
        value, _, mark = sealed.rpartition(".")
        return value if value and hmac.compare_digest(mark.encode(), self.mark(purpose, value).encode()) else None


def token(request: Request) -> str | None:
    """The log-in's token, or None."""
    found: str | None = _signer(request).unseal(LOGIN, request.cookies.get(LOGIN, ""))
    return found


def csrf(request: Request) -> str:
    """The token that this browser's forms must carry: of its log-in, before that of its visit."""
    basis = token(request) or request.cookies.get(VISIT) or _new_visit(request)
    return _signer(request).mark("csrf", basis)


def start(request: Request, response: HTTPResponse, login_token: str) -> None:
    """A new log-in; what the browser held before is worth nothing after it."""
    _set(request, response, LOGIN, _signer(request).seal(LOGIN, login_token))
    drop(response, VISIT)


def drop(response: HTTPResponse, name: str = LOGIN) -> None:
    response.cookies[name] = ""
    response.cookies[name]["path"] = "/"
    response.cookies[name]["max-age"] = 0


def seen(request: Request, staff_id: int) -> int:
    """The last piece of news that this browser has shown to this person."""
    value = _signer(request).unseal(f"{SEEN}:{staff_id}", request.cookies.get(SEEN, ""))
    return int(value) if value else 0


def remember_seen(request: Request, response: HTTPResponse, staff_id: int, news_id: int) -> None:
    _set(request, response, SEEN, _signer(request).seal(f"{SEEN}:{staff_id}", str(news_id)), max_age=YEAR)


def keep_visit(request: Request, response: HTTPResponse) -> None:
    """Give the browser the visit that a form of this page was made for."""
    made = getattr(request.ctx, "visit", None)
    if made:
        _set(request, response, VISIT, made)


def _new_visit(request: Request) -> str:
    if not hasattr(request.ctx, "visit"):
        request.ctx.visit = secrets.token_urlsafe(18)
    visit: str = request.ctx.visit
    return visit


def _set(request: Request, response: HTTPResponse, name: str, value: str, *, max_age: int | None = None) -> None:
    response.cookies[name] = value
    cookie = response.cookies[name]
    cookie["path"] = "/"
    cookie["httponly"] = True
    cookie["samesite"] = "Lax"
    cookie["secure"] = request.scheme == "https"
    if max_age is not None:
        cookie["max-age"] = max_age


def _signer(request: Request) -> Signer:
    signer: Signer = request.app.ctx.signer
    return signer
