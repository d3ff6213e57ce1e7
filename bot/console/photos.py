"""Residents' photos, for those who may see the conversation or ticket that they belong to."""

from __future__ import annotations

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, file

from bot.community import photos

routes = Blueprint("photos", url_prefix="/photos")


@routes.get("/<photo_id:str>")
async def show(request: Request, photo_id: str) -> HTTPResponse:
    """The JPEG that the core made of what was sent. Its name is the hash of its content: it can't be guessed."""
    path = photos.path_of(request.app.ctx.settings.media_dir, photo_id)
    return await file(path, mime_type=photos.MEDIA_TYPE)
