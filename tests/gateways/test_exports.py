"""The folder of copies: random names, for the shop's eyes only, and never a file beside it."""

import json
import os
import stat
import zipfile
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from factories import NOON

from shop.gateways import exports

ABOUT = {"shop": "Озон", "person": "Секретов Игорь", "made_at": NOON}


@dataclass(frozen=True)
class Some:
    """A chapter."""

    name: str
    fields: tuple[str, ...]
    described: tuple
    rows: object


def chapter(*rows):
    return Some("roles", ("role", "given_at"), (("roles", ("role", "given_at")),), iter(rows))


@pytest.fixture
def folder(app, tmp_path, monkeypatch):
    config = app.extensions["shop_config"]
    monkeypatch.setitem(app.extensions, "shop_config", replace(config, shop_data=tmp_path))
    with app.app_context():
        yield tmp_path / "exports"


def write(*chapters, left_out=None):
    return exports.write(
        language="ru", about=ABOUT, chapters=chapters, left_out=left_out or {"a.b": "why"}
    )


def test_a_file_has_a_random_name_and_opens_for_the_shop_only(folder):
    first, second = write(), write()

    assert first.name != second.name
    assert len(first.name) == 43 + 4
    assert {path.name for path in folder.iterdir()} == {first.name, second.name}
    assert stat.S_IMODE((folder / first.name).stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert first.bytes == (folder / first.name).stat().st_size


def test_each_row_is_read_once_and_stands_in_both_files(folder):
    read = []

    def rows():
        for number in range(3):
            read.append(number)
            yield {"role": f"role {number}", "given_at": NOON}

    written = write(Some("roles", ("role", "given_at"), (), rows()))

    assert read == [0, 1, 2]
    with zipfile.ZipFile(folder / written.name) as package:
        data = json.loads(package.read("data.json"))
        page = package.read("index.html").decode()
    assert [row["role"] for row in data["roles"]] == ["role 0", "role 1", "role 2"]
    assert data["roles"][0]["given_at"] == "2026-11-24T09:00:00+00:00"
    assert data["left_out"] == {"a.b": "why"}
    assert all(f"role {number}" in page for number in range(3))


def test_a_chapter_without_rows_is_an_empty_list(folder):
    with exports.FOLDER.open(write(chapter()).name) as file, zipfile.ZipFile(file) as package:
        assert json.loads(package.read("data.json"))["roles"] == []


def test_what_fails_in_the_middle_leaves_nothing(folder):
    def rows():
        yield {"role": "support", "given_at": NOON}
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write(Some("roles", ("role", "given_at"), (), rows()))
    with pytest.raises(TypeError):
        write(chapter({"role": b"bytes", "given_at": NOON}))

    assert list(folder.iterdir()) == []


def test_a_file_is_opened_and_removed_and_removed_again(folder):
    name = write().name

    with exports.FOLDER.open(name) as file:
        assert file.read(2) == b"PK"
    exports.FOLDER.remove(name)
    exports.FOLDER.remove(name)
    with pytest.raises(FileNotFoundError):
        exports.FOLDER.open(name)


@pytest.mark.parametrize(
    "name",
    [
        *("", ".", "..", "../shop.db", "/etc/passwd", "x.zip", "a" * 43, "a" * 43 + ".zip\n"),
        *("../" + "a" * 40 + ".zip", "a" * 42 + "/.zip", "я" * 43 + ".zip", "a" * 43 + ".zip\0"),
    ],
)
def test_no_other_file_is_ever_touched(folder, name):
    for deed in (exports.FOLDER.open, exports.FOLDER.remove):
        with pytest.raises(ValueError, match="not the name of an export"):
            deed(name)


def test_old_files_are_found_by_their_age_and_others_are_left_alone(folder):
    now = datetime.now(UTC)
    old, young = write().name, write().name
    (folder / "readme.txt").write_text("not ours")
    an_hour_ago = (now - timedelta(hours=1)).timestamp()
    for name in (old, "readme.txt"):
        os.utime(folder / name, (an_hour_ago, an_hour_ago))

    assert exports.FOLDER.names_before(now - timedelta(minutes=30)) == [old]
    assert exports.FOLDER.names_before(now + timedelta(minutes=1)) == sorted([old, young])


def test_before_the_first_copy_there_is_no_folder_and_no_harm(folder):
    assert exports.FOLDER.names_before(NOON) == []
