"""A breaker: when somebody outside was away several times running, nobody is made to wait for them for a while."""

import time
from threading import Lock
from types import TracebackType


class Open(Exception):
    """Not asked at all: they were away a moment ago."""


class Breaker:
    """`with breaker:` around each call. After `most` failures running it stays open for `pause` seconds.

    Then one call is let through; it decides.
    """

    def __init__(
        self, failures: tuple[type[BaseException], ...], most: int = 3, pause: float = 10.0
    ) -> None:
        self._failures, self._most, self._pause = failures, most, pause
        self._lock = Lock()
        self._in_a_row = 0
        self._open_until = 0.0

    def __enter__(self) -> None:
        with self._lock:
            if self._in_a_row < self._most:
                return
            now = time.monotonic()
            if now < self._open_until:
                raise Open
            self._open_until = (
                now + self._pause
            )  # This one finds out; the others go on not waiting.

    def __exit__(
        self, kind: type[BaseException] | None, _fault: object, _trace: TracebackType | None
    ) -> None:
        failed = kind is not None and issubclass(kind, self._failures)
        with self._lock:
            self._in_a_row = self._in_a_row + 1 if failed else 0
            if failed:
                self._open_until = time.monotonic() + self._pause
