"""The official SDK's client, made patient for seconds only, quiet, and ours alone.

As it comes, the SDK waits for ever, repeats by itself, takes its settings from the class, logs the secret, and
turns every broken line into an AttributeError (seen with 3.13).
"""

import logging
from threading import BoundedSemaphore
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from yookassa.client import ApiClient
from yookassa.domain.common import UserAgent
from yookassa.domain.exceptions import (
    ApiError,
    BadRequestError,
    ForbiddenError,
    GoneError,
    NotFoundError,
    TooManyRequestsError,
    UnauthorizedError,
)

from shop.config import Config
from shop.gateways.breaker import Breaker, Open
from shop.gateways.payments import RateLimited, Rejected, Unauthorized, Unknown

log = logging.getLogger("shop.payments")

# Seconds to connect, and to wait for the next byte.
TIMEOUT = (1.0, 5.0)
# So many may wait for the gateway at once, the next one waits this many seconds for a turn: the shop's other
# pages need the rest of the workers.
AT_ONCE, TURN_SECONDS = 8, 0.3
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class _Adapter(HTTPAdapter):
    def send(self, *args: Any, **kwargs: Any) -> requests.Response:
        """Put our limits on a request that came with none."""
        if kwargs.get("timeout") is None:
            kwargs["timeout"] = TIMEOUT
        return super().send(*args, **kwargs)


class Client(ApiClient):
    """Asks once, within the limits, and says in our words how it ended."""

    def __init__(self, config: Config) -> None:
        # Not the parent's: that reads the class-wide Configuration, which any second shop would overwrite.
        self.endpoint = config.yookassa_api_url
        self.shop_id, self.shop_password = config.yookassa_shop_id, config.yookassa_secret_key
        self.auth_token = None
        self.configuration = SimpleNamespace(verify=None)
        self.user_agent = UserAgent()
        self._trusts_proxies = urlsplit(self.endpoint).hostname not in LOOPBACK
        self._breaker = Breaker((Unknown,))
        self._turns = BoundedSemaphore(AT_ONCE)

    def get_session(self) -> requests.Session:
        """Return a session that neither repeats nor follows anybody elsewhere."""
        session = requests.Session()
        session.trust_env = self._trusts_proxies
        session.max_redirects = 0
        for scheme in ("http://", "https://"):
            session.mount(scheme, _Adapter(max_retries=0))
        return session

    def log_request(self, *_request: Any) -> None:
        """Say nothing: the headers carry the secret, the body the customer's address."""

    @staticmethod
    def log_response(*_response: Any) -> None:
        """Say nothing."""

    def ask(
        self,
        method: str,
        path: str,
        *,
        key: str = "",
        body: dict[str, Any] | None = None,
        query: dict[str, Any] | None = None,
    ) -> dict[str, Any]:
        """Make one call and return the answer as it came.

        :raises GatewayProblem: one of its four kinds, for everything that went wrong.
        """
        if not self._turns.acquire(timeout=TURN_SECONDS):
            raise Unknown("too many wait already")
        try:
            with self._breaker:
                return self._answer(method, path, key, body, query)
        except Open:
            raise Unknown("it was away a moment ago") from None
        finally:
            self._turns.release()

    def _answer(
        self,
        method: str,
        path: str,
        key: str,
        body: dict[str, Any] | None,
        query: dict[str, Any] | None,
    ) -> dict[str, Any]:
        headers = {"Idempotence-Key": key} if key else {}
        try:
            answer = self.request(method, path, query, headers, body)
        except (BadRequestError, NotFoundError, GoneError) as problem:
            told = _content(problem)
            raise Rejected(
                str(told.get("code", ""))[:60], str(told.get("parameter", ""))[:60]
            ) from None
        except (UnauthorizedError, ForbiddenError) as problem:
            log.error("the gateway refuses the shop's id or key: %s", _content(problem).get("code"))
            raise Unauthorized(str(_content(problem).get("code", ""))) from None
        except TooManyRequestsError as problem:
            raise RateLimited(_seconds(_content(problem).get("retry_after"))) from None
        except ApiError as problem:  # 202, 500 and whatever else it may think of.
            raise Unknown(type(problem).__name__) from None
        except (
            Exception
        ) as problem:  # No answer, half an answer, or an answer of somebody in between.
            cause = problem.__context__ or problem  # The SDK stumbles over the fault and hides it.
            raise Unknown(f"no answer: {type(cause).__name__}") from None
        if not isinstance(answer, dict):
            raise Unknown("not an answer of the gateway's")
        return answer


def _content(problem: ApiError) -> dict[str, Any]:
    content = getattr(problem, "content", None)
    return content if isinstance(content, dict) else {}


def _seconds(told: object) -> float:
    """The gateway writes milliseconds; a pause of more than a minute is no pause of ours."""
    return min(60.0, max(1.0, told / 1000)) if isinstance(told, int | float) else 1.0
