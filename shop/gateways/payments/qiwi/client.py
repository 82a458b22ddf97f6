"""QIWI's API of bills: everything has a number of our own, so that twice is once."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from shop.config import Config
from shop.gateways.payments import Rejected
from shop.gateways.payments.calls import Calls, Turn

JSON = "application/json"


class Client:
    """The shop's account there."""

    def __init__(self, config: Config) -> None:
        self._headers = {
            "Authorization": f"Bearer {config.qiwi_secret_key}",
            "Accept": JSON,
            "Content-Type": JSON,
        }
        self._calls = Calls(config.qiwi_api_url, _code_in)

    @contextmanager
    def turn(self) -> Iterator["Asking"]:
        """Take a turn; all calls of one deed share its seconds."""
        with self._calls.turn() as turn:
            yield Asking(turn, self._headers)


class Asking:
    """What asks QIWI while the turn lasts."""

    def __init__(self, turn: Turn, headers: Mapping[str, str]) -> None:
        self._turn, self._headers = turn, headers

    def get(self, path: str) -> dict[str, Any]:
        """Return what stands under a number.

        :raises GatewayProblem: one of its four kinds.
        """
        return self._turn.ask("GET", path, headers=self._headers).read()

    def put(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Write something under a number, or return what stands there already.

        :raises GatewayProblem: one of its four kinds.
        """
        written = json.dumps(body).encode()
        try:
            return self._turn.ask("PUT", path, headers=self._headers, body=written).read()
        except Rejected as refusal:
            try:  # Perhaps the number is taken, by ourselves: the answer to the first try was lost.
                return self.get(path)
            except Rejected:
                raise refusal from None


def _code_in(told: Mapping[str, Any]) -> str:
    return str(told.get("errorCode") or "")
