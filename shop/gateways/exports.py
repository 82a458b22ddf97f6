"""«Download my data»: zip files in a folder of their own, which nobody but the shop may read."""

import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any, Protocol
from zipfile import ZIP_DEFLATED, ZipFile

from flask import current_app
from flask_babel import force_locale

from shop.gateways.private_files import PrivateFolder
from shop.rules.exports import for_machines

FOLDER = PrivateFolder("exports", ending=".zip", strength=32, of="an export")
STYLE = "css/export.css"


class Chapter(Protocol):
    """A part of the export, as queries/security/data.py yields them."""

    name: str
    rows: Iterator[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Written:
    """A file in the folder."""

    name: str
    bytes: int


def write(
    *, language: str, about: Mapping[str, Any], chapters: Iterable[Any], left_out: Mapping[str, str]
) -> Written:
    """Write a new file: data.json for machines, index.html for its reader. Rows are read once, as they come.

    When anything fails nothing is left behind.
    """
    with (
        FOLDER.new() as (name, file),
        ZipFile(file, "w", ZIP_DEFLATED) as package,
    ):
        _fill(package, language, about, chapters, left_out)
    return Written(name, FOLDER.path_of(name).stat().st_size)


def _fill(
    package: ZipFile,
    language: str,
    about: Mapping[str, Any],
    chapters: Iterable[Any],
    left_out: Mapping[str, str],
) -> None:
    template = current_app.jinja_env.get_template("export/index.html")
    # The page is put aside while data.json is written: a zip takes one file after the other.
    with tempfile.TemporaryFile(dir=FOLDER.path) as page:
        with (
            package.open("data.json", "w", force_zip64=True) as data,
            # A context of its own: a language is remembered by the context.
            current_app.app_context(),
            force_locale(language),
        ):
            data.write(_json({"about": dict(about)})[:-1])
            for piece in template.stream(about=about, chapters=_written_down(chapters, data)):
                page.write(piece.encode())
            data.write(b',\n"left_out": ' + _json(left_out) + b"}\n")
        page.seek(0)
        with package.open("index.html", "w", force_zip64=True) as target:
            while block := page.read(1 << 16):
                target.write(block)
    package.write(Path(current_app.static_folder or "") / STYLE, "style.css")


def _written_down(chapters: Iterable[Any], data: IO[bytes]) -> Iterator[Any]:
    """Give the chapters on to the page; each row goes into data.json on its way."""
    for chapter in chapters:
        data.write(b",\n" + _json(chapter.name) + b": [")
        rows = _rows_written_down(chapter, data)
        yield replace(chapter, rows=rows)
        for _ in rows:  # What the page didn't want to show.
            pass
        data.write(b"]")


def _rows_written_down(chapter: Chapter, data: IO[bytes]) -> Iterator[dict[str, Any]]:
    comma = b"\n"
    for row in chapter.rows:
        data.write(comma + _json(row))
        comma = b",\n"
        yield row


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, default=for_machines).encode()
