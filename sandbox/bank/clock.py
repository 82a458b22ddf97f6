"""The bank's clock, which tests may put forward to see what time does to payments."""

import time
from datetime import UTC, datetime

SECOND = 1000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR


class Clock:
    """Tell the time in milliseconds, so many seconds ahead of the real one."""

    def __init__(self, store):
        self._store = store

    def now(self) -> int:
        """Return the bank's moment."""
        return int(time.time() * SECOND) + self.ahead()

    def ahead(self) -> int:
        """Return how far the clock has been put forward."""
        row = self._store.one("SELECT value FROM setting WHERE id = 'clock'")
        return row["value"] if row else 0

    def advance(self, seconds: float) -> None:
        """Put the clock forward; it stays so after a restart, as the deadlines do."""
        ahead = self.ahead() + int(seconds * SECOND)
        self._store.run("INSERT OR REPLACE INTO setting (id, value) VALUES ('clock', ?)", ahead)


def moment_of(milliseconds: int) -> datetime:
    """Return a bank's moment as a date and time."""
    return datetime.fromtimestamp(milliseconds / SECOND, UTC)


def written(milliseconds: int) -> str:
    """Write a moment as the API does: 2026-11-22T10:00:00.000Z."""
    return moment_of(milliseconds).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def read_moment(text: str) -> int | None:
    """Read a moment of the API's form, and nothing where there is none."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * SECOND)
