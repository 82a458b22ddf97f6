"""The same request told twice is carried out once, and answered twice the same."""

import hashlib
import json
from collections.abc import Callable

from .clock import DAY
from .problems import invalid


def answered_once(bank, key: str, request_line: str, body: dict, act: Callable[[], dict]) -> dict:
    """Return what `act` returned when this key came first, carrying it out if it comes now.

    A refusal isn't kept: it has changed nothing, so asking again may well succeed.

    :raises ApiProblem: when the key came with another request before.
    """
    digest = _digest(request_line, body)
    now = bank.clock.now()
    with bank.store.transaction():
        bank.store.run("DELETE FROM kept_answer WHERE expires_at <= ?", now)
        kept = bank.store.one("SELECT * FROM kept_answer WHERE key = ?", key)
        if kept is None:
            answer = act()
            bank.store.insert(
                "kept_answer",
                key=key,
                digest=digest,
                answer=json.dumps(answer),
                expires_at=now + DAY,
            )
            return answer
    if kept["digest"] != digest:
        raise invalid("Idempotence-Key", "This key was used for another request.")
    return json.loads(kept["answer"])


def _digest(request_line: str, body: dict) -> str:
    text = json.dumps([request_line, body], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
