"""A feed's file, from the disk or from a public address, as an unpacked copy that nobody changes meanwhile."""

import gzip
import hashlib
import http.client
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import urljoin, urlsplit

from shop.gateways.feeds.addresses import connected, is_public
from shop.rules.feeds.reports import N_, told

# Unpacked; a feed of a million offers is a third of this.
MOST_BYTES = 2 * 1024**3
# Seconds for the whole download.
PATIENCE = 600
MOST_REDIRECTS = 5
_PIECE = 1 << 18
_MOVED = {301, 302, 303, 307, 308}


class CannotFetch(Exception):
    """The feed cannot be had; its text says why."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A feed's copy on the disk and what it hashes to."""

    path: Path
    content_hash: str


@contextmanager
def fetched(
    source: str, *, most_bytes: int = MOST_BYTES, may_ask: Callable[[str], bool] = is_public
) -> Iterator[Fetched]:
    """Give a copy of the feed at `source`, a path or an http(s) address; it is gone afterwards.

    `may_ask` decides about every numeric address before anything is sent there.

    :raises CannotFetch: when it isn't there, too large, too slow, or at an address that isn't public.
    """
    with tempfile.TemporaryDirectory(prefix="feed-") as folder:
        yield _bring(source, Path(folder), most_bytes, may_ask)


def _bring(source: str, folder: Path, most_bytes: int, may_ask: Callable[[str], bool]) -> Fetched:
    packed, copy = folder / "packed", folder / "feed.xml"
    try:
        if "://" in source and not source.startswith("file://"):
            _download(source, packed, most_bytes, may_ask)
        else:
            packed = _file(source)
        return Fetched(copy, _unpack(packed, copy, most_bytes))
    except (OSError, EOFError, zlib.error, http.client.HTTPException) as problem:
        raise CannotFetch(told(N_("The feed cannot be read"), problem)) from problem


def _file(source: str) -> Path:
    path = Path(source.removeprefix("file://"))
    if not path.is_file():
        raise CannotFetch(told(N_("There is no such file"), path))
    return path


def _unpack(packed: Path, copy: Path, most_bytes: int) -> str:
    """Copy, unpacking when it is gzip, whatever its name; return what the copy hashes to."""
    with packed.open("rb") as start:
        is_gzip = start.read(2) == b"\x1f\x8b"
    with gzip.open(packed) if is_gzip else packed.open("rb") as file, copy.open("wb") as out:
        return _pour(file, out, most_bytes)


def _pour(file: IO[bytes] | gzip.GzipFile, out: IO[bytes], most_bytes: int) -> str:
    digest, size, end = hashlib.sha256(), 0, time.monotonic() + PATIENCE
    while piece := file.read(_PIECE):
        size += len(piece)
        if size > most_bytes:
            raise CannotFetch(told(N_("The feed is larger than the shop takes"), f"{most_bytes} B"))
        if time.monotonic() > end:
            raise CannotFetch(N_("The feed comes too slowly"))
        digest.update(piece)
        out.write(piece)
    return digest.hexdigest()


def _download(url: str, to: Path, most_bytes: int, may_ask: Callable[[str], bool]) -> None:
    for _turn in range(MOST_REDIRECTS + 1):
        connection = connected(url, may_ask)
        if connection is None:
            raise CannotFetch(told(N_("The address is not a public one"), urlsplit(url).hostname))
        try:
            response = _answer(connection, url)
            if response.status in _MOVED and (moved_to := response.headers.get("Location")):
                url = urljoin(url, moved_to)
                continue
            if response.status != 200:
                raise CannotFetch(told(N_("The other side has no feed for us"), response.status))
            with to.open("wb") as out:
                _pour(response, out, most_bytes)
            return
        finally:
            connection.close()
    raise CannotFetch(N_("The address leads on and on"))


def _answer(connection: http.client.HTTPConnection, url: str) -> http.client.HTTPResponse:
    parts = urlsplit(url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    # Only what we can read back: a packed feed is a file, not an encoding.
    connection.request(
        "GET", path, headers={"Accept-Encoding": "identity", "User-Agent": "shop-feeds"}
    )
    return connection.getresponse()
