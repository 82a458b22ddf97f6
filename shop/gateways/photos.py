"""Photos that customers send about returns: drawn anew, so that nothing but the picture is kept, in a folder of their own."""

import io
import os
import re
import secrets
from pathlib import Path

from flask import current_app
from PIL import Image, ImageOps

from shop.config import Config
from shop.gateways.pictures import MOST_PIXELS, NotAPicture

_NAME = re.compile(r"[A-Za-z0-9_-]{32}\.webp")
SIDE = 1600
_BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning)


def keep(content: bytes) -> str:
    """Draw a photo anew and return its name in the folder; where and with what it was taken is not kept.

    :raises NotAPicture: when it isn't a JPEG, PNG or WebP picture, or is too large to be meant.
    """
    picture = _drawn(content)
    name = f"{secrets.token_urlsafe(24)}.webp"
    path = _path(name)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            picture.save(file, "WEBP", quality=82, method=4)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return name


def _drawn(content: bytes) -> Image.Image:
    try:
        with Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "WEBP")) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise NotAPicture
            opened.draft("RGB", (SIDE, SIDE))
            turned = ImageOps.exif_transpose(opened).convert("RGBA")
            turned.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
    except (OSError, ValueError, SyntaxError, *_BOMBS) as problem:
        raise NotAPicture from problem
    # A fresh sheet: whatever the file carried beside its pixels stays behind.
    sheet = Image.new("RGB", turned.size, "white")
    sheet.paste(turned, mask=turned.getchannel("A"))
    return sheet


def read(name: str) -> bytes:
    """Return a photo's bytes.

    :raises FileNotFoundError: when it isn't there.
    """
    return _path(name).read_bytes()


def remove(name: str) -> None:
    """Take a photo out of the folder; one that isn't there is as good as taken."""
    _path(name).unlink(missing_ok=True)


def names_before(moment: float) -> list[str]:
    """Return the photos that were written before `moment` (seconds of the epoch)."""
    folder = _folder()
    if not folder.is_dir():
        return []
    return sorted(
        path.name
        for path in folder.iterdir()
        if _NAME.fullmatch(path.name) and path.stat().st_mtime < moment
    )


def _folder() -> Path:
    config: Config = current_app.extensions["shop_config"]
    return config.shop_data / "returns"


def _path(name: str) -> Path:
    """Where a photo lies; only names that were made here are ever looked at."""
    if not _NAME.fullmatch(name):
        raise FileNotFoundError(name[:60])
    return _folder() / name
