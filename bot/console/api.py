"""For programs: triage of a text, health and metrics."""

from __future__ import annotations

import hmac

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sanic import Blueprint
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse, json, raw

from bot.community import api_keys, staff
from bot.console.rasa_client import RasaUnavailable

routes = Blueprint("api")

SCOPE = "triage"
LONGEST_TEXT = 10_000


@routes.post("/api/v1/triage")
async def triage(request: Request) -> HTTPResponse:
    """{"text"} in, the triage object out; needs a bearer token."""
    if not await _authorised(request):
        return json({"error": "需要 Authorization: Bearer 令牌"}, 401, headers={"WWW-Authenticate": "Bearer"})
    text = _text(request)
    if text is None:
        return json({"error": f'请求体应是 {{"text": "…"}}，text 为 1 到 {LONGEST_TEXT} 个字'}, 400)
    try:
        parsed = await request.app.ctx.rasa.parse(text)
    except RasaUnavailable:
        return json({"error": "理解服务暂时不可用，请稍后再试"}, 503, headers={"Retry-After": "5"})
    return json(parsed["triage"], ensure_ascii=False)


@routes.get("/healthz")
async def healthz(request: Request) -> HTTPResponse:
    """Whether the console can do its work: the database answers."""
    await request.app.ctx.database.read(staff.any_user)
    return json({"status": "ok"})


@routes.get("/metrics")
async def metrics(request: Request) -> HTTPResponse:
    return raw(generate_latest(), content_type=CONTENT_TYPE_LATEST)


async def _authorised(request: Request) -> bool:
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not given:
        return False
    own = request.app.ctx.settings.bot_api_token.get_secret_value()
    if own and hmac.compare_digest(given.encode(), own.encode()):
        return True
    return await request.app.ctx.database.read(api_keys.check, given, SCOPE) is not None


def _text(request: Request) -> str | None:
    """The text of the body, or None when the body is not as it should be."""
    try:
        content = request.json
    except (SanicException, RecursionError):
        return None
    text = content.get("text") if isinstance(content, dict) else None
    return text if isinstance(text, str) and 0 < len(text) <= LONGEST_TEXT and text.strip() else None
