"""The rounds of a timer: each thing by itself, so that one which fails keeps no other from being seen to."""

from collections.abc import Callable, Iterable
from logging import Logger
from typing import TypeVar

from shop.db import db

T = TypeVar("T")
R = TypeVar("R")


def one_by_one(
    things: Iterable[T], deed: Callable[[T], R], *, log: Logger, trouble: str
) -> list[R]:
    """Do a deed for each thing and return what came of those that succeeded.

    Give it all that is due, not the first so many: those that fail again and again would keep the rest waiting.
    A failure goes into `log` (`trouble` is its sentence, with %s for the thing), and is left for the next round.
    """
    came = []
    for thing in things:
        try:
            came.append(deed(thing))
        except Exception:
            db.session.rollback()
            log.exception(trouble, thing)
    return came
