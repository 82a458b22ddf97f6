"""Product pictures: a folder they come from, and the shop's own folder that they are drawn anew into."""

import hashlib
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from PIL import Image, ImageOps

# More is a bomb: a small file that unpacks into gigabytes.
MOST_PIXELS = 50_000_000
SIDE, SMALL_SIDE = 1200, 320
# Lists show two dozen small ones at once: they are pressed harder.
LARGE = {"quality": 82, "method": 4}
SMALL = {"quality": 72, "alpha_quality": 60, "method": 6}
AT_ONCE = 2
_BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning)


class NotAPicture(Exception):
    """The file cannot be drawn."""


class PictureFolder:
    """A merchant's folder of pictures; each is found by the last part of its address in the feed."""

    def __init__(self, folder: Path, media: Path) -> None:
        self.media = media
        self._files = {path.name: path for path in sorted(folder.iterdir()) if path.is_file()}
        self._kept: dict[str, str] = {}

    @property
    def content_hash(self) -> str:
        """What the folder hashes to, by names and sizes."""
        listing = [(name, path.stat().st_size) for name, path in self._files.items()]
        return hashlib.sha256(repr(listing).encode()).hexdigest()

    def prepare(self, addresses: Iterable[str]) -> None:
        """Draw what is new among these, two at a time."""
        names = dict.fromkeys(_last_part(address) for address in addresses)
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(self._kept_one, names))

    def kept(self, addresses: tuple[str, ...]) -> tuple[str, ...]:
        """Return the shop's own names of those pictures that lie in the folder, drawing new ones."""
        names = (self._kept_one(_last_part(address)) for address in addresses)
        return tuple(dict.fromkeys(name for name in names if name))

    def _kept_one(self, name: str) -> str:
        if name not in self._kept:
            path = self._files.get(name)
            try:
                self._kept[name] = keep(path, self.media) if path else ""
            except NotAPicture:
                self._kept[name] = ""
        return self._kept[name]


def _last_part(address: str) -> str:
    try:
        return PurePosixPath(unquote(urlsplit(address).path)).name
    except ValueError:
        return ""


def keep(path: Path, media: Path) -> str:
    """Draw a picture anew into the shop's folder, with a small one beside it; return its name.

    The name is what the content hashes to, so the same picture is drawn once.

    :raises NotAPicture: when the file isn't one, or is too large to be meant.
    """
    content_hash = hashlib.sha256(path.read_bytes()).hexdigest()[:24]
    large, small = media / f"{content_hash}.webp", media / f"{content_hash}-s.webp"
    if not (large.is_file() and small.is_file()):
        media.mkdir(parents=True, exist_ok=True)
        _draw(path, {large: SIDE, small: SMALL_SIDE})
    return large.name


def _draw(path: Path, wanted: dict[Path, int]) -> None:
    try:
        with Image.open(path, formats=("WEBP", "JPEG", "PNG", "GIF", "AVIF")) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise NotAPicture(path.name)
            opened.draft("RGB", (SIDE, SIDE))
            picture = ImageOps.exif_transpose(opened)
            has_alpha = picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info
            picture = picture.convert("RGBA" if has_alpha else "RGB")
    except (OSError, ValueError, SyntaxError, *_BOMBS) as problem:
        raise NotAPicture(path.name) from problem
    for target, side in wanted.items():
        picture.thumbnail((side, side), Image.Resampling.LANCZOS)
        # Renamed when whole: a reader never meets half a picture.
        part = target.with_suffix(".part")
        picture.save(part, "WEBP", **(LARGE if side > SMALL_SIDE else SMALL))
        part.replace(target)
