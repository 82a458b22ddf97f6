"""PayPal's API: a token that lives for hours, and calls under it."""

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import Lock
from typing import Any

from shop.config import Config
from shop.gateways.payments import Unauthorized, Unknown
from shop.gateways.payments.calls import Calls, Turn

JSON = "application/json"
# A token is given up so many seconds before its end, so that none ends on the way.
BEFORE_ITS_END = 60


class Client:
    """The shop's account there."""

    def __init__(self, config: Config) -> None:
        self._account = (config.paypal_client_id, config.paypal_secret)
        self._calls = Calls(config.paypal_api_url, _code_in)
        self._lock = Lock()
        self._token, self._token_ends = "", 0.0

    @contextmanager
    def turn(self) -> Iterator["Asking"]:
        """Take a turn; all calls of one deed share its seconds."""
        with self._calls.turn() as turn:
            yield Asking(self, turn)

    def token(self, turn: Turn, *, not_this: str = "") -> str:
        """Return a token that works, fetched anew when the last one has ended or is the one that failed."""
        with self._lock:
            known = self._token if time.monotonic() < self._token_ends else ""
        if known and known != not_this:
            return known
        answer = turn.ask(
            "POST",
            "/v1/oauth2/token",
            headers={"Accept": JSON, "Content-Type": "application/x-www-form-urlencoded"},
            body=b"grant_type=client_credentials",
            auth=self._account,
        ).read()
        token, lives = answer.get("access_token"), answer.get("expires_in")
        if not isinstance(token, str) or not isinstance(lives, int):
            raise Unknown("the answer is no token")
        with self._lock:
            self._token, self._token_ends = token, time.monotonic() + lives - BEFORE_ITS_END
        return token


class Asking:
    """What asks PayPal while the turn lasts."""

    def __init__(self, client: Client, turn: Turn) -> None:
        self._client, self._turn = client, turn

    def ask(
        self,
        method: str,
        path: str,
        *,
        key: str = "",
        body: Mapping[str, Any] | None = None,
        raw: bytes | None = None,
    ) -> dict[str, Any]:
        """Make one call; once more with a fresh token when PayPal has forgotten ours.

        :raises GatewayProblem: one of its four kinds.
        """
        written = raw if body is None else json.dumps(body).encode()
        token = self._client.token(self._turn)
        try:
            return self._under(token, method, path, key, written)
        except Unauthorized:
            fresh = self._client.token(self._turn, not_this=token)
        return self._under(fresh, method, path, key, written)

    def _under(
        self, token: str, method: str, path: str, key: str, body: bytes | None
    ) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {token}", "Accept": JSON, "Content-Type": JSON}
        if key:
            headers |= {"PayPal-Request-Id": key, "Prefer": "return=representation"}
        return self._turn.ask(method, path, headers=headers, body=body).read()


def _code_in(told: Mapping[str, Any]) -> str:
    """Return the word for a refusal: the first issue, else its name."""
    details = told.get("details")
    first = details[0] if isinstance(details, list) and details else {}
    issue = first.get("issue") if isinstance(first, dict) else None
    return str(issue or told.get("name") or told.get("error") or "")
