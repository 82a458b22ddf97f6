"""Static files: addresses that change with the content, so that browsers may keep them for ever."""

import gzip
import hashlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from wsgiref.headers import Headers

import brotli
from flask import Flask
from whitenoise import WhiteNoise
from whitenoise.responders import StaticFile

_YEAR = 365 * 24 * 3600
# What gets much smaller when compressed; pictures and fonts are already.
_TEXTS = {".css", ".js", ".svg"}


class _Pressed(WhiteNoise):  # type: ignore[misc]
    """Serves texts compressed; that is done once, at the first start, and kept with the shop's data."""

    def __init__(self, application: Any, kept: Path, **settings: Any) -> None:
        self.kept = kept
        kept.mkdir(parents=True, exist_ok=True)
        super().__init__(application, **settings)

    def get_static_file(
        self, path: str, url: str, stat_cache: Mapping[str, os.stat_result] | None = None
    ) -> StaticFile:
        """Return the file with its compressed copies, of which a browser gets what it can read."""
        headers = Headers([])
        self.add_mime_headers(headers, path, url)
        self.add_cache_headers(headers, path, url)
        _headers(headers, path, url)
        copies = self._copies(Path(path)) if Path(path).suffix in _TEXTS else {}
        known = dict(stat_cache or {path: os.stat(path)})
        known.update({copy: os.stat(copy) for copy in copies.values()})
        return StaticFile(path, headers.items(), stat_cache=known, encodings=copies)

    def _copies(self, path: Path) -> dict[str, str]:
        text = path.read_bytes()
        digest = hashlib.sha256(text).hexdigest()[:24]
        copies = {"gzip": self.kept / f"{digest}.gz", "br": self.kept / f"{digest}.br"}
        for encoding, copy in copies.items():
            if not copy.exists():
                # Renamed when whole: another process may be starting beside this one.
                part = copy.with_suffix(f".{os.getpid()}")
                part.write_bytes(
                    gzip.compress(text, 9) if encoding == "gzip" else brotli.compress(text)
                )
                part.replace(copy)
        return {encoding: str(copy) for encoding, copy in copies.items()}


def init_app(app: Flask) -> None:
    """Serve /static/ and /media/ without waking the application."""
    folder = Path(app.static_folder or "")
    known: dict[str, str] = {}

    def static(name: str) -> str:
        """The address of a static file with its content's hash."""
        if name not in known:
            digest = hashlib.sha256((folder / name).read_bytes()).hexdigest()[:12]
            known[name] = f"/static/{name}?v={digest}"
        return known[name]

    app.jinja_env.globals["static"] = static
    app.extensions["shop_static"] = static
    nothing_to_see = static("img/1f4e6.webp")

    def picture(thing: Any, side: int = 320) -> str:
        """The address of a product's picture (of a row that has one, or by its file's name).

        Beside each lies a small one, of 320 pixels, for lists.
        """
        name = thing if isinstance(thing, str) else thing.picture
        if not name:
            return nothing_to_see
        return f"/media/{name[:-5]}-s.webp" if side <= 320 else f"/media/{name}"

    app.jinja_env.globals["picture"] = picture
    app.extensions["shop_picture"] = picture
    media = app.extensions["shop_config"].media
    media.mkdir(parents=True, exist_ok=True)
    noise = _Pressed(
        app.wsgi_app, app.extensions["shop_config"].shop_data / "pressed", max_age=_YEAR
    )
    noise.add_files(str(folder), prefix="static/")
    # Pictures come and go with the feeds while the shop is open: looked up as they are asked for.
    pictures = WhiteNoise(noise, max_age=_YEAR, autorefresh=True, add_headers_function=_headers)
    pictures.add_files(str(media), prefix="media/")
    app.wsgi_app = pictures  # type: ignore[method-assign]


def _headers(headers, _path: str, url: str) -> None:  # type: ignore[no-untyped-def]
    if url.startswith("/static/"):  # Another content has another address: not even a reload asks.
        headers["Cache-Control"] = f"max-age={_YEAR}, public, immutable"
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
