"""The headers of every answer: nothing but our own files may run or load, and nobody may frame or remember a page."""

from __future__ import annotations

from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse

CONTENT_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def install(app: Sanic) -> None:
    app.register_middleware(add_headers, "response")


async def add_headers(request: Request, response: HTTPResponse) -> None:
    response.headers.update(HEADERS)
    is_asset = request.path.startswith("/static/")
    response.headers["Cache-Control"] = "public, max-age=86400" if is_asset else "no-store"
    if request.scheme == "https":
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
