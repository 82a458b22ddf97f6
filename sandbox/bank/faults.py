"""The troubles a test can order for the API: slowness, errors, lost connections."""

import socket
from collections.abc import Callable
from fnmatch import fnmatchcase
from threading import Event, Lock

from flask import Response, jsonify, request

from .problems import ApiProblem

ACTIONS = (
    "delay",
    "hang",
    "500",
    "500_after_commit",
    "502html",
    "202",
    "429",
    "drop_before",
    "drop_after_commit",
)
_HANG_SECONDS = 40


class Faults:
    """A queue of faults; each waits for requests it matches, so many times."""

    def __init__(self):
        self._guard = Lock()
        self._queue: list[dict] = []

    def add(self, fault: dict) -> dict:
        """Put a fault in the queue.

        :raises ValueError: when its action is unknown.
        """
        if fault.get("action") not in ACTIONS:
            raise ValueError(f"The action is one of: {', '.join(ACTIONS)}.")
        whole = {
            "match": str(fault.get("match", "*")),
            "action": fault["action"],
            "times": int(fault.get("times", 1)),
            "seconds": float(fault.get("seconds", _HANG_SECONDS)),
        }
        with self._guard:
            self._queue.append(whole)
        return whole

    def take(self, *names: str) -> dict | None:
        """Return the first fault that matches one of these names, and use it up once."""
        with self._guard:
            for fault in self._queue:
                if any(fnmatchcase(name, fault["match"]) for name in names):
                    fault["times"] -= 1
                    if fault["times"] < 1:
                        self._queue.remove(fault)
                    return dict(fault)
        return None

    def waiting(self) -> list[dict]:
        """Return the faults nobody has met yet."""
        with self._guard:
            return [dict(fault) for fault in self._queue]

    def clear(self) -> None:
        """Drop all faults."""
        with self._guard:
            self._queue.clear()


def play(fault: dict | None, stopping: Event, act: Callable[[], Response]) -> Response:
    """Answer with what `act` returns, or as the fault wants."""
    action = fault["action"] if fault else None
    if action in ("delay", "hang"):
        stopping.wait(fault["seconds"])
    if action in _INSTEAD:
        return _INSTEAD[action]()
    response = act()
    if action in _AFTERWARDS:
        return _AFTERWARDS[action]()
    return response


def _drop() -> Response:
    """Close the connection without a word, as a broken line would."""
    line = request.environ.get("werkzeug.socket")
    if line is None:
        raise ConnectionResetError
    line.shutdown(socket.SHUT_RDWR)
    return Response()


def _server_error() -> Response:
    error = ApiProblem("internal_server_error", "Something broke. Repeat with the same key.")
    return _answer(error.as_json(), 500)


def _too_many() -> Response:
    error = ApiProblem("too_many_requests", "Too many requests. Try a little later.")
    return _answer(error.as_json() | {"retry_after": 1}, 429)


def _accepted() -> Response:
    words = "The request is being processed. Repeat it with the same key."
    return _answer({"type": "processing", "description": words, "retry_after": 1000}, 202)


def _bad_gateway() -> Response:
    page = "<html><head><title>502</title></head><body><h1>Bad Gateway</h1></body></html>"
    return Response(page, 502, mimetype="text/html")


def _answer(body: dict, status: int) -> Response:
    response = jsonify(body)
    response.status_code = status
    return response


# A hung request is never carried out: whoever hangs up on it must ask again.
_INSTEAD = {
    "hang": _drop,
    "500": _server_error,
    "502html": _bad_gateway,
    "202": _accepted,
    "429": _too_many,
    "drop_before": _drop,
}
_AFTERWARDS = {"500_after_commit": _server_error, "drop_after_commit": _drop}
