"""Photos: recognised by their bytes, made anew without position and other hidden data, named by their content."""

from __future__ import annotations

import hashlib
import io
import os
import re
import tempfile
import warnings
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

from bot.community.errors import InvalidValue, NotFound

MOST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 50_000_000
LONGEST_SIDE = 2048
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
MEDIA_TYPE = "image/jpeg"
QUALITY = 85

_ID = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class PhotoView:
    """A stored photo; id is the hash of its bytes, so the same photo is stored once."""

    id: str
    media_type: str
    width: int
    height: int
    size: int


def store(media_dir: Path, content: bytes, name: str = "") -> PhotoView:
    """Keep a photo under media_dir as a JPEG of at most LONGEST_SIDE, upright, without EXIF.

    name is what the sender called it; it decides nothing and is only named in errors. Raises InvalidValue.
    """
    if len(content) > MOST_BYTES:
        raise InvalidValue("photo", name, "too_large")
    image = _decoded(content, name)
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=QUALITY, optimize=True)
    encoded = buffer.getvalue()
    id = hashlib.sha256(encoded).hexdigest()
    _write_once(_path(media_dir, id), encoded)
    return PhotoView(id, MEDIA_TYPE, image.width, image.height, len(encoded))


def read(media_dir: Path, id: str) -> tuple[bytes, str]:
    """The photo's bytes and media type. Raises NotFound."""
    return path_of(media_dir, id).read_bytes(), MEDIA_TYPE


def path_of(media_dir: Path, id: str) -> Path:
    """The file of a stored photo. Raises NotFound, also for what is no id at all."""
    if not _ID.fullmatch(id) or not _path(media_dir, id).is_file():
        raise NotFound("photo", id)
    return _path(media_dir, id)


def _decoded(content: bytes, name: str) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=FORMATS) as opened:
                if opened.width * opened.height > MOST_PIXELS:
                    raise InvalidValue("photo", name, "too_many_pixels")
                opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # lets a JPEG be decoded small
                opened.load()
                return _plain(opened)
    except UnidentifiedImageError:
        raise InvalidValue("photo", name, "not_a_photo") from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise InvalidValue("photo", name, "too_many_pixels") from None
    except (OSError, SyntaxError, ValueError, EOFError, MemoryError):  # Pillow's ways to say that a file is broken
        raise InvalidValue("photo", name, "broken") from None


def _plain(opened: Image.Image) -> Image.Image:
    """Upright, small enough, on white where it was transparent."""
    upright = ImageOps.exif_transpose(opened)
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    if upright.mode in ("RGBA", "LA", "PA", "P"):
        layered = upright.convert("RGBA")
        white = Image.new("RGB", layered.size, "white")
        white.paste(layered, mask=layered.getchannel("A"))
        return white
    plain = Image.new("RGB", upright.size)
    plain.paste(upright.convert("RGB"))
    return plain


def _path(media_dir: Path, id: str) -> Path:
    return media_dir / id[:2] / f"{id}.jpg"


def _write_once(path: Path, content: bytes) -> None:
    """Whole or not at all, also when the process is killed meanwhile."""
    if path.is_file():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except OSError:
        Path(temporary).unlink(missing_ok=True)
        raise
