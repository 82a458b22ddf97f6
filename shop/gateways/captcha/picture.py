"""The code as a picture: digits that people read and programs have trouble with."""

import os
from functools import cache
from io import BytesIO
from pathlib import Path

from captcha import image as drawing
from captcha.image import ImageCaptcha

WIDTH, HEIGHT = 240, 80
CURVES = 3
_OWN = Path(__file__).parents[2] / "static" / "fonts" / "onest-lat.woff2"
# Dark on light with a contrast of more than 10 to 1, in the light and in the dark theme.
_INK, _PAPER = (16, 52, 42, 255), (246, 243, 236)


class _Steady(ImageCaptcha):
    """As the package draws, but leaning less (a 6 must not turn into a 9) and with full ink, which it would thin out."""

    character_rotate = (-22, 22)
    word_space_probability = 0.35
    word_offset_dx = 0.08
    lookup_table = [min(255, 8 * level) for level in range(256)]


def drawn(digits: str) -> bytes:
    """Return a WebP picture of `digits`, another one each time."""
    artist = _artist()
    picture = artist.generate_image(digits, bg_color=_PAPER, fg_color=_INK)
    for _ in range(CURVES):
        artist.create_noise_curve(picture, _INK)
    file = BytesIO()
    picture.save(file, "WEBP", quality=70, method=2)
    return file.getvalue()


@cache
def _artist() -> ImageCaptcha:
    """Two hands: the shop's own letters (OFL), and Droid Sans Mono (Apache 2.0) that comes with the package."""
    own = str(_OWN)
    fonts = [own, os.path.join(drawing.DATA_DIR, "DroidSansMono.ttf")]
    return _Steady(WIDTH, HEIGHT, fonts=fonts, font_sizes=(52, 58, 64))
