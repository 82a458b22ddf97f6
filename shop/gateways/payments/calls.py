"""Calls to a gateway over HTTP: within seconds, so many at once, and everything that goes wrong said in our words."""

import json
import logging
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from threading import BoundedSemaphore
from typing import Any
from urllib.parse import urlsplit

import requests

from shop.gateways.breaker import Breaker, Open
from shop.gateways.payments import Intent, RateLimited, Rejected, Unauthorized, Unknown

log = logging.getLogger("shop.payments")

# Seconds to connect, for the next byte, and for all calls of one deed together.
CONNECT, READ, TOGETHER = 1.0, 4.5, 5.0
# So many may wait for one gateway at once, the next one waits this many seconds for a turn: the shop's other
# pages need the rest of the workers.
AT_ONCE, TURN_SECONDS = 8, 0.3
LARGEST_ANSWER = 1024 * 1024
LONGEST_REF = 64
ORDER, CERTIFICATE = "Заказ {}", "Подарочный сертификат {}"
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
# Answers that say no for good; whatever is neither here nor a yes is unknown.
REFUSALS = {400, 404, 409, 410, 422}


def is_this_machine(url: str) -> bool:
    """True for an address of the machine itself: the sandbox's."""
    return urlsplit(url).hostname in LOOPBACK


def is_ref(ref: str) -> bool:
    """True for what may be a gateway's name of a payment or refund."""
    return 0 < len(ref) <= LONGEST_REF and ref.isascii() and ref.replace("-", "").isalnum()


def safe(ref: str) -> str:
    """Return a name that is put into an address.

    :raises Rejected: when it would change the address.
    """
    if not is_ref(ref):
        raise Rejected("not_found", "id")
    return ref


def purpose_of(intent: Intent) -> str:
    """Return what the payer reads beside the sum, in the language of the law."""
    is_certificate = intent.is_certificate
    return (CERTIFICATE if is_certificate else ORDER).format(intent.order_number)


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered to a call that went well."""

    body: bytes

    def read(self) -> dict[str, Any]:
        """Return the JSON object; sums with a point stay texts, for floats lose kopecks.

        :raises Unknown: when it is none.
        """
        try:
            told = json.loads(self.body, parse_float=str)
        except (ValueError, RecursionError):
            raise Unknown("not an answer of the gateway's") from None
        if not isinstance(told, dict):
            raise Unknown("not an answer of the gateway's")
        return told


class Calls:
    """One gateway's address. `code_in` finds the gateway's own word for a refusal in its answer."""

    def __init__(self, base_url: str, code_in: Callable[[Mapping[str, Any]], str]) -> None:
        self._base_url = base_url
        self._code_in = code_in
        self._breaker = Breaker((Unknown,))
        self._turns = BoundedSemaphore(AT_ONCE)

    @contextmanager
    def turn(self) -> Iterator["Turn"]:
        """Take a turn at the gateway: all calls of one deed, which share its seconds.

        :raises Unknown: when too many wait already, or nobody answered a moment ago.
        """
        if not self._turns.acquire(timeout=TURN_SECONDS):
            raise Unknown("too many wait already")
        try:
            with self._breaker, requests.Session() as session:
                session.trust_env = not is_this_machine(self._base_url)
                yield Turn(session, self._base_url, self._code_in)
        except Open:
            raise Unknown("it was away a moment ago") from None
        finally:
            self._turns.release()


class Turn:
    """What asks the gateway while the turn lasts."""

    def __init__(
        self,
        session: requests.Session,
        base_url: str,
        code_in: Callable[[Mapping[str, Any]], str],
    ) -> None:
        self._session = session
        self._base_url = base_url
        self._code_in = code_in
        self._until = time.monotonic() + TOGETHER

    def ask(
        self,
        method: str,
        path: str = "",
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        auth: tuple[str, str] | None = None,
    ) -> Answer:
        """Make one call and return its answer.

        :raises GatewayProblem: one of its four kinds, for everything that went wrong.
        """
        left = self._until - time.monotonic()
        if left <= 0:
            raise Unknown("it took too long")
        try:
            with self._session.request(
                method,
                f"{self._base_url}{path}",
                headers=dict(headers or {}),
                data=body,
                auth=auth,
                timeout=(min(CONNECT, left), min(READ, left)),
                allow_redirects=False,
                stream=True,
            ) as response:
                return self._judged(response, self._whole(response))
        except (requests.RequestException, OSError) as problem:
            raise Unknown(f"no answer: {type(problem).__name__}") from None

    def _whole(self, response: requests.Response) -> bytes:
        """Read an answer that ends, and in time."""
        body = b""
        for piece in response.iter_content(16 * 1024):
            body += piece
            if len(body) > LARGEST_ANSWER or time.monotonic() > self._until:
                raise Unknown("its answer has no end")
        return body

    def _judged(self, response: requests.Response, body: bytes) -> Answer:
        status = response.status_code
        if status in {200, 201}:
            return Answer(body)
        if status in {401, 403}:
            code = self._code_in(_told(body))[:60]
            log.error("the gateway refuses the shop's name or key: %s", code or status)
            raise Unauthorized(code)
        if status == 429:
            raise RateLimited(_seconds(response.headers.get("Retry-After", "")))
        if status in REFUSALS and (code := self._code_in(_told(body))):
            raise Rejected(code[:60])
        raise Unknown(f"it answered {status}")


def _told(body: bytes) -> dict[str, Any]:
    """Return what a refusal says; somebody in between may have written it, and then it says nothing."""
    try:
        return Answer(body).read()
    except Unknown:
        return {}


def _seconds(told: str) -> float:
    """A pause of more than a minute is no pause of ours."""
    return min(60.0, max(1.0, float(told))) if told.isascii() and told.isdigit() else 1.0
