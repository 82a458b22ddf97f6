"""Folders of files that nobody but the shop may read: written whole or not at all, under names nobody can guess."""

import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from flask import current_app

from shop.config import Config


class PrivateFolder:
    """One such folder below SHOP_DATA; its files bear names of `strength` random bytes and the same ending."""

    def __init__(self, place: str, *, ending: str, strength: int, of: str) -> None:
        self._place, self._ending, self._strength, self._of = place, ending, strength, of
        length = len(secrets.token_urlsafe(strength))
        self._ours = re.compile(rf"[A-Za-z0-9_-]{{{length}}}{re.escape(ending)}")

    @property
    def path(self) -> Path:
        """Where it is."""
        config: Config = current_app.extensions["shop_config"]
        return config.shop_data / self._place

    def path_of(self, name: str) -> Path:
        """Return where a file lies; only names that were made here are ever looked at.

        :raises ValueError: when this one wasn't.
        """
        if not self._ours.fullmatch(name):
            raise ValueError(f"not the name of {self._of}: {name[:60]!r}")
        return self.path / name

    @contextmanager
    def new(self) -> Iterator[tuple[str, BinaryIO]]:
        """Open a new file and yield its name with it; on the disk when this ends, gone when anything fails."""
        name = f"{secrets.token_urlsafe(self._strength)}{self._ending}"
        path = self.path_of(name)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        try:
            with os.fdopen(handle, "wb") as file:
                yield name, file
                file.flush()
                os.fsync(file.fileno())
        except BaseException:
            path.unlink(missing_ok=True)
            raise

    def open(self, name: str) -> BinaryIO:
        """Open a file for reading.

        :raises FileNotFoundError: when it isn't there.
        """
        return self.path_of(name).open("rb")

    def remove(self, name: str) -> None:
        """Take a file out of the folder; one that isn't there is as good as taken."""
        self.path_of(name).unlink(missing_ok=True)

    def names_before(self, moment: datetime) -> list[str]:
        """Return the files that were written before `moment`."""
        if not self.path.is_dir():
            return []
        return sorted(
            path.name
            for path in self.path.iterdir()
            if self._ours.fullmatch(path.name) and path.stat().st_mtime < moment.timestamp()
        )
