from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from bot.community import photos
from bot.community.errors import InvalidValue, NotFound

GPS = 0x8825
ORIENTATION = 0x0112


def a_photo(kind: str = "JPEG", size: tuple[int, int] = (40, 20), mode: str = "RGB", **options: Any) -> bytes:
    buffer = io.BytesIO()
    Image.new(mode, size, "red" if mode == "RGB" else 0).save(buffer, kind, **options)
    return buffer.getvalue()


def test_position_and_comments_are_dropped(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    exif.get_ifd(GPS)[1] = "N"
    stored = photos.store(tmp_path, a_photo(exif=exif, comment=b"secret place"))
    content, media_type = photos.read(tmp_path, stored.id)
    image = Image.open(io.BytesIO(content))
    assert media_type == stored.media_type == "image/jpeg"
    assert not image.getexif()
    assert b"secret place" not in content
    assert image.size == (stored.width, stored.height) == (20, 40)  # upright


def test_same_photo_is_stored_once(tmp_path: Path) -> None:
    first = photos.store(tmp_path, a_photo(), "a.jpg")
    assert photos.store(tmp_path, a_photo(), "b.jpg") == first
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


@pytest.mark.parametrize(("kind", "mode"), [("PNG", "RGBA"), ("PNG", "P"), ("PNG", "L"), ("GIF", "P"), ("WEBP", "RGB")])
def test_every_kind_becomes_a_plain_jpeg(tmp_path: Path, kind: str, mode: str) -> None:
    stored = photos.store(tmp_path, a_photo(kind, mode=mode), "photo.exe")
    assert Image.open(io.BytesIO(photos.read(tmp_path, stored.id)[0])).format == "JPEG"


def test_large_photo_is_made_smaller(tmp_path: Path) -> None:
    stored = photos.store(tmp_path, a_photo(size=(6000, 3000)))
    assert (stored.width, stored.height) == (2048, 1024)


@pytest.mark.parametrize(
    "rubbish",
    [
        b"",
        b"hello",
        b"<svg onload=alert(1)>",
        b"%PDF-1.4",
        b"\xff\xd8\xff" + b"\x00" * 100,
        a_photo()[:200],
        a_photo("BMP"),
    ],
)
def test_refuses_what_is_no_photo(tmp_path: Path, rubbish: bytes) -> None:
    with pytest.raises(InvalidValue):
        photos.store(tmp_path, rubbish, "photo.jpg")
    assert list(tmp_path.iterdir()) == []


def test_refuses_too_much(tmp_path: Path) -> None:
    with pytest.raises(InvalidValue, match="too_large"):
        photos.store(tmp_path, b"\xff" * (photos.MOST_BYTES + 1))
    with pytest.raises(InvalidValue, match="too_many_pixels"):
        photos.store(tmp_path, a_photo("PNG", size=(20_000, 20_000), mode="1"))


@pytest.mark.parametrize("id", ["", "../../etc/passwd", "a" * 64, "A" * 64])
def test_unknown_id_is_not_found(tmp_path: Path, id: str) -> None:
    with pytest.raises(NotFound):
        photos.read(tmp_path, id)
