"""The courier: tells the shop what has happened, again and again until it answers 200."""

import uuid
from collections.abc import Callable
from threading import Event, Lock, Thread

import requests

from .clock import DAY, SECOND
from .letters import JsonLetters

MODES = (
    "normal",
    "duplicate",
    "delay",
    "reorder",
    "lost",
    "forged_status",
    "forged_amount",
    "truncated",
)
# Seconds between one try and the next; the last pause repeats.
PAUSES = (1, 2, 5, 10, 30, 60, 300)
_LONGEST_HOLD = 10 * SECOND
_TIMEOUT = (3.05, 10)


class Courier:
    """Carry notices in the order they are due, in a thread of its own.

    How a gateway writes them is the business of its `letters`; how they travel is the same for all.
    """

    def __init__(self, store, clock, url: str, scale: float, stopping: Event, letters=None):
        self.url = url
        self._letters = letters or JsonLetters()
        self._store = store
        self._clock = clock
        self._scale = scale
        self._stopping = stopping
        self._news = Event()
        self._guard = Lock()
        self._mode: dict = {"mode": "normal"}
        self._thread: Thread | None = None
        self._session = requests.Session()
        self._session.trust_env = False  # A proxy of this machine is no way to this machine.

    def start(self, tick: Callable[[], None]) -> None:
        """Begin the rounds; each starts with `tick`, which lets time do its work."""
        self._thread = Thread(target=self._rounds, args=(tick,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Finish the letter in hand and go home."""
        self.hurry()
        if self._thread:
            self._thread.join(15)
        self._session.close()

    def hurry(self) -> None:
        """Look at the notices now and not at the next round."""
        self._news.set()

    def set_mode(self, mode: dict) -> dict:
        """Choose how the next notices travel.

        :raises ValueError: when there is no such mode.
        """
        if mode.get("mode") not in MODES:
            raise ValueError(f"The mode is one of: {', '.join(MODES)}.")
        with self._guard:
            self._mode = dict(mode)
        return dict(mode)

    def mode(self) -> dict:
        """Return how notices travel now."""
        with self._guard:
            return dict(self._mode)

    def tell(self, event: str, about: dict) -> None:
        """Write a notice of what has happened, in the transaction it happened in."""
        mode = self._mode_for_one()
        kind = mode["mode"]
        event, about = _forged(kind, mode, event, about)
        body = self._letters.write(event, about)
        if kind == "truncated":
            body = body[: len(body) // 2]
        state, pause = "queued", 0
        if kind == "lost":
            state = "lost"
        elif kind == "delay":
            pause = int(float(mode.get("seconds", 5)) * SECOND)
        elif kind == "reorder" and not self._release_held():
            state, pause = "held", _LONGEST_HOLD
        for _ in range(int(mode.get("copies", 2)) if kind == "duplicate" else 1):
            self._write(event, about["id"], body, state if self.url else "no_address", pause)
        self.hurry()

    def send_now(self, event: str, about: dict) -> int:
        """Tell the shop something at once, true or not, and return its status."""
        return self._send(self._letters.write(event, about)).status_code

    def _mode_for_one(self) -> dict:
        """Return the mode, and count down one that is meant for so many notices."""
        with self._guard:
            mode = dict(self._mode)
            if "times" in mode:
                self._mode["times"] = int(mode["times"]) - 1
                if self._mode["times"] < 1:
                    self._mode = {"mode": "normal"}
            return mode

    def _release_held(self) -> bool:
        """Send the notice that was held back after the one that comes now."""
        due_at = self._clock.now() + SECOND // 4
        released = self._store.run(
            "UPDATE notice SET state = 'queued', due_at = ? WHERE state = 'held'", due_at
        )
        return released > 0

    def _write(self, event: str, object_id: str, body: bytes, state: str, pause: int) -> None:
        now = self._clock.now()
        self._store.insert(
            "notice",
            id=str(uuid.uuid4()),
            event=event,
            object_id=object_id,
            body=body,
            state=state,
            created_at=now,
            due_at=now + pause,
        )

    def _rounds(self, tick: Callable[[], None]) -> None:
        while not self._stopping.is_set():
            tick()
            notice = self._next()
            if notice and notice["due_at"] <= self._clock.now():
                self._carry(notice)
                continue
            pause = (notice["due_at"] - self._clock.now()) / SECOND if notice else 1
            self._news.wait(min(1, max(0.01, pause)))
            self._news.clear()

    def _next(self) -> dict | None:
        return self._store.one(
            "SELECT * FROM notice WHERE state IN ('queued', 'held') ORDER BY due_at, number LIMIT 1"
        )

    def _carry(self, notice: dict) -> None:
        answer = self._post(notice["body"])
        attempts = notice["attempts"] + 1
        pause = PAUSES[min(attempts, len(PAUSES)) - 1] * self._scale
        due_at = self._clock.now() + int(pause * SECOND)
        state = "queued"
        if answer == "200":
            state = "delivered"
        elif due_at > notice["created_at"] + DAY:
            state = "given_up"
        changes = {"state": state, "attempts": attempts, "due_at": due_at, "answer": answer}
        self._store.update("notice", notice["id"], **changes)

    def _post(self, body: bytes) -> str:
        """Hand the notice over and return the shop's status, or what stood in the way."""
        try:
            response = self._send(body)
        except requests.RequestException as trouble:
            return type(trouble).__name__
        return str(response.status_code)

    def _send(self, body: bytes) -> requests.Response:
        letter = self._letters.addressed(self.url, body)
        return self._session.request(**letter, timeout=_TIMEOUT, allow_redirects=False)


def _forged(kind: str, mode: dict, event: str, about: dict) -> tuple[str, dict]:
    """Return the news as a liar would tell it, when the mode asks for a liar."""
    if kind == "forged_status":
        status = str(mode.get("status", "succeeded"))
        return f"{event.split('.', maxsplit=1)[0]}.{status}", about | {"status": status}
    if kind == "forged_amount":
        amount = {"value": str(mode.get("value", "1.00")), "currency": "RUB"}
        return event, about | {"amount": amount}
    return event, about
