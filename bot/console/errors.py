"""Every error as a short Chinese page (or JSON for programs); the traceback goes to the log alone."""

from __future__ import annotations

import logging
import secrets

from sanic import Sanic
from sanic.exceptions import Forbidden, SanicException
from sanic.request import Request
from sanic.response import HTTPResponse, json

from bot.community.errors import CommunityError, DatabaseBusy, NotFound
from bot.console import wording
from bot.console.pages import page

logger = logging.getLogger(__name__)


def install(app: Sanic) -> None:
    app.error_handler.add(Exception, answer)


async def answer(request: Request, error: Exception) -> HTTPResponse:
    status = _status(error)
    number = ""
    if status >= 500:
        number = secrets.token_hex(4)
        logger.error("error %s: %s %s failed", number, request.method, request.path, exc_info=error)
    known = wording.words()["pages"]
    title, text = known.get(status) or known[400 if status < 500 else 500]
    if isinstance(error, Forbidden) and str(error) == "csrf":
        text = wording.words()["csrf"]
    elif isinstance(error, CommunityError):
        text = wording.refusal(error)
    if request.path.startswith("/api/"):
        return json({"error": text, **({"id": number} if number else {})}, status=status)
    return page(request, "error.html", status=status, title=title, text=text, number=number)


def _status(error: Exception) -> int:
    if isinstance(error, SanicException):
        return int(error.status_code or 500)
    if isinstance(error, NotFound):
        return 404
    if isinstance(error, DatabaseBusy):
        return 503
    return 409 if isinstance(error, CommunityError) else 500
