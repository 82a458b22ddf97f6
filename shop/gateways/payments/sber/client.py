"""Calls to Sber's gateway: a form goes out, JSON comes back, and a refusal comes with HTTP 200."""

import json
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

from shop.config import Config
from shop.gateways.payments import Rejected, Unauthorized, Unknown
from shop.gateways.payments.calls import Calls, Turn

log = logging.getLogger("shop.payments")

FORM = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
ORDER_IS_THERE = "order_number_taken"
# The gateway's numbers for a refusal that is final; any other leaves open what has happened.
REFUSALS = {
    "1": ORDER_IS_THERE,
    "3": "unknown_currency",
    "4": "invalid_request",
    "5": "invalid_request",
    "6": "not_found",
    "7": "not_now",
}
# The same number may stand for two things; only the sentence tells them apart.
NOT_LET_IN = ("доступ", "парол", "отключ", "access denied", "password", "disabled")
FAILED_INSIDE = ("систем", "system")


class Client:
    """The shop's account there."""

    def __init__(self, config: Config) -> None:
        self._names = {"userName": config.sber_user, "password": config.sber_password}
        self._calls = Calls(config.sber_api_url, _no_code)
        self._is_set_up = config.has_sber

    @contextmanager
    def turn(self) -> Iterator["Asking"]:
        """Take a turn; all calls of one deed share its seconds.

        :raises Unauthorized: in a production shop whose settings still point at the sandbox.
        """
        if not self._is_set_up:
            log.error("SBER_API_URL points at this machine: there is no account with Sber to use")
            raise Unauthorized("not_set_up")
        with self._calls.turn() as turn:
            yield Asking(turn, self._names)


class Asking:
    """What asks Sber while the turn lasts."""

    def __init__(self, turn: Turn, names: Mapping[str, str]) -> None:
        self._turn, self._names = turn, names

    def ask(self, operation: str, wish: Mapping[str, Any]) -> dict[str, Any]:
        """Return what is answered to an operation such as `register`; nested things go as JSON.

        :raises GatewayProblem: one of its four kinds, for everything that went wrong.
        """
        form = {
            name: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            for name, value in wish.items()
        }
        body = urlencode({**form, **self._names}).encode()
        answer = self._turn.ask("POST", f"/rest/{operation}.do", headers=FORM, body=body).read()
        _judge(answer)
        return answer


def _judge(answer: Mapping[str, Any]) -> None:
    code = str(answer.get("errorCode", "0"))
    if code == "0":
        return
    message = str(answer.get("errorMessage", ""))
    lower = message.lower()
    if code == "5" and any(word in lower for word in NOT_LET_IN):
        log.error("Sber refuses the shop's name or password: %s", message[:60])
        raise Unauthorized("access_denied")
    if code == "7" and any(word in lower for word in FAILED_INSIDE):
        raise Unknown("it failed inside")
    if code not in REFUSALS:
        raise Unknown(f"it answered {code[:10]}")
    raise Rejected(REFUSALS[code], message[:60])


def _no_code(_told: Mapping[str, Any]) -> str:
    # Refusals come with HTTP 200 here; any other status is of somebody in between.
    return ""
