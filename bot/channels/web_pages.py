"""The chat page, its assets, the widget for other sites, and the photos of a resident: all on one origin."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import wraps
from pathlib import Path

from jinja2 import Environment, FileSystemLoader
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.web_session import WebSessions
from bot.community import conversations, photos
from bot.community.database import Database
from bot.community.errors import InvalidValue, NotFound

HERE = Path(__file__).parent
STATIC = HERE / "static"
PHOTO_ERRORS = {
    "too_large": "照片太大了，请选 10 MB 以内的",
    "too_many_pixels": "照片尺寸太大了，请换一张小一点的",
    "not_a_photo": "这不是照片，请选 JPG、PNG、WebP 或 GIF",
    "broken": "照片打不开，可能没有存好，请重拍一张",
}
# React and ChatUI set styles through the style object, never by attribute or element: no 'unsafe-inline' is needed.
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' blob: data:",
    "connect-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
}


class ChatPages:
    """The plain HTTP side of the web chat, mounted at /chat."""

    def __init__(self, sessions: WebSessions, database: Database, media_dir: Path) -> None:
        self._sessions = sessions
        self._database = database
        self._media_dir = media_dir
        templates = Environment(loader=FileSystemLoader(HERE / "templates"), autoescape=True)
        icons = (STATIC / "vendor" / "icons.svg").read_text(encoding="utf-8")
        page = templates.get_template("chat.html")
        self._pages = {embedded: page.render(icons=icons, embedded=embedded) for embedded in (False, True)}

    def add_to(self, routes: Blueprint) -> None:
        """Register the routes."""
        routes.add_route(_handler(self.page), "/", strict_slashes=False)
        routes.add_route(_handler(self.embedded_page), "/embed")
        routes.add_route(_handler(self.session), "/session", methods=["POST"])
        routes.add_route(_handler(self.upload), "/upload", methods=["POST"])
        routes.add_route(_handler(self.photo), "/photo/<id:str>")
        routes.static("/widget.js", str(STATIC / "chat" / "widget.js"), name="widget", content_type="text/javascript")
        routes.static("/static", str(STATIC), name="assets", use_modified_since=True)
        routes.middleware(_headers, "response")

    async def page(self, request: Request) -> HTTPResponse:
        """The page for residents who come to us; the session is in a cookie."""
        session = self._sessions.of_request(request) or self._sessions.issue()
        answer = _html(self._pages[False], frame_ancestors="'self'")
        self._sessions.set_cookie(answer, session)
        return answer

    async def embedded_page(self, request: Request) -> HTTPResponse:
        """The same inside another site, where browsers keep no cookie of ours: the page holds its token itself."""
        return _html(self._pages[True], frame_ancestors="*")

    async def session(self, request: Request) -> HTTPResponse:
        """A token for the embedded page: the one it has when it is good, else a new one."""
        session = self._sessions.of_request(request) if "authorization" in request.headers else None
        token = (session or self._sessions.issue()).token
        return response.json({"token": token}, headers={"Cache-Control": "no-store"})

    async def upload(self, request: Request) -> HTTPResponse:
        """Keep a photo (multipart field "photo"); {"id", "receipt"} let this sender send it."""
        session = self._sessions.of_request(request)
        if session is None:
            return _refusal("请刷新页面后再试", 401)
        file = (request.files or {}).get("photo")
        if file is None:
            return _refusal("没有收到照片", 400)
        try:
            stored = await asyncio.to_thread(photos.store, self._media_dir, file.body, file.name)
        except InvalidValue as error:
            return _refusal(PHOTO_ERRORS.get(error.reason, PHOTO_ERRORS["broken"]), 400)
        return response.json({"id": stored.id, "receipt": self._sessions.receipt(session.sender_id, stored.id)})

    async def photo(self, request: Request, id: str) -> HTTPResponse:
        """A photo of the session's own conversation; others' do not exist for it."""
        session = self._sessions.of_request(request)
        if session is None or not await self._database.read(conversations.has_photo, session.sender_id, id):
            return _refusal("没有这张照片", 404)
        try:
            content, media_type = await asyncio.to_thread(photos.read, self._media_dir, id)
        except NotFound:
            return _refusal("这张照片已经清理了", 404)
        return response.raw(
            content, content_type=media_type, headers={"Cache-Control": "private, max-age=31536000, immutable"}
        )


def _handler(method: Callable[..., Awaitable[HTTPResponse]]) -> Callable[..., Awaitable[HTTPResponse]]:
    """A function around a method: Sanic 21.12 puts attributes on its handlers, and methods take none."""

    @wraps(method)
    async def handle(request: Request, **parameters: str) -> HTTPResponse:
        return await method(request, **parameters)

    return handle


def _html(page: str, *, frame_ancestors: str) -> HTTPResponse:
    policy = {**POLICY, "frame-ancestors": frame_ancestors}
    text = "; ".join(f"{name} {sources}" for name, sources in policy.items())
    return response.html(page, headers={"Content-Security-Policy": text, "Cache-Control": "no-store"})


def _refusal(message: str, status: int) -> HTTPResponse:
    return response.json({"error": message}, status=status)


async def _headers(request: Request, answer: HTTPResponse) -> None:
    answer.headers.setdefault("X-Content-Type-Options", "nosniff")
    answer.headers.setdefault("Referrer-Policy", "same-origin")
    answer.headers.setdefault("Cache-Control", "no-cache")
