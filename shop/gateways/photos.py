"""Photos that customers send about returns: drawn anew, so that nothing but the picture is kept, in a folder of their own."""

import io

from PIL import Image, ImageOps

from shop.gateways.pictures import MOST_PIXELS, NotAPicture
from shop.gateways.private_files import PrivateFolder

FOLDER = PrivateFolder("returns", ending=".webp", strength=24, of="a photo")
SIDE = 1600
_BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning)


def keep(content: bytes) -> str:
    """Draw a photo anew and return its name in the folder; where and with what it was taken is not kept.

    :raises NotAPicture: when it isn't a JPEG, PNG or WebP picture, or is too large to be meant.
    """
    picture = _drawn(content)
    with FOLDER.new() as (name, file):
        picture.save(file, "WEBP", quality=82, method=4)
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
