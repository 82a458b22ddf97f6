"""Processes that die: right before a commit, right after one, or with a gateway's answer in their hands."""

from collections.abc import Callable
from typing import Any

WHERE = ("before a commit", "after a commit", "after an answer")


class Crash(BaseException):
    """The process is gone; nobody may catch it."""


class Fuse:
    """Burns down by one with every commit or answer; at nothing the process dies."""

    def __init__(self, write_once: Callable[..., Any]) -> None:
        self._write_once = write_once
        self.where, self.left = "", 0

    def light(self, where: str, left: int) -> None:
        """Let the process of the next step die at its `left`th point of this kind, if it comes so far."""
        self.where, self.left = where, left

    def put_out(self) -> None:
        """The process has ended by itself."""
        self.where, self.left = "", 0

    def burn(self, where: str) -> None:
        """Come to a point at which a process may die."""
        if self.where != where:
            return
        self.left -= 1
        if self.left <= 0:
            self.put_out()
            raise Crash

    def answered(self) -> None:
        """A gateway has answered."""
        self.burn("after an answer")

    def write_once(self, function: Callable[..., Any], args: Any, kwargs: Any, turn: str) -> Any:
        """In place of shop/db's: a use-case of its own transaction, which may not live to see its end."""

        def to_the_end(*its: Any, **own: Any) -> Any:
            result = function(*its, **own)
            self.burn("before a commit")
            return result

        result = self._write_once(to_the_end, args, kwargs, turn)
        self.burn("after a commit")
        return result
