"""A load: a few patient visitors who ask one after another, and what their requests cost."""

import http.client
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import quantiles
from typing import Any

from bench.server import Server

VISITORS = 4


@dataclass
class Request:
    """What to ask for."""

    path: str
    method: str = "GET"
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Figures:
    """What it cost: milliseconds, bytes, failures."""

    cpu_ms: float
    p50_ms: float
    p95_ms: float
    raw_bytes: int
    sent_bytes: int
    failures: int
    count: int


def ask(
    port: int, request: Request, connection: http.client.HTTPConnection | None = None
) -> tuple[int, bytes, http.client.HTTPMessage]:
    """Send one request; return status, body and headers."""
    connection = connection or http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request(request.method, request.path, request.body or None, request.headers)
    answer = connection.getresponse()
    return answer.status, answer.read(), answer.headers


def measure(
    server: Server, requests: Callable[[int], Request], *, count: int, visitors: int = VISITORS
) -> Figures:
    """Send `count` requests by `visitors` at once; `requests` says what each of them asks for."""
    for warm in range(visitors * 4):
        ask(server.port, requests(warm % visitors))
    took: list[float] = []
    failures = [0]
    before = server.cpu_seconds()
    threads = [
        threading.Thread(
            target=_visit, args=(server.port, requests, who, count // visitors, took, failures)
        )
        for who in range(visitors)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    cpu = server.cpu_seconds() - before
    done = max(1, len(took))
    marks = quantiles(took, n=100) if len(took) > 1 else [0.0] * 99
    raw, sent = _sizes(server.port, requests(0))
    return Figures(
        cpu / done * 1000, marks[49] * 1000, marks[94] * 1000, raw, sent, failures[0], done
    )


def _visit(
    port: int,
    requests: Callable[[int], Request],
    who: int,
    count: int,
    took: list[float],
    failures: list[int],
) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    request = requests(who)
    for _ in range(count):
        start = time.perf_counter()
        try:
            status, _body, _headers = ask(port, request, connection)
        except (OSError, http.client.HTTPException):
            connection.close()
            status = 599
        took.append(time.perf_counter() - start)
        if status >= 400:
            failures[0] += 1
    connection.close()


def _sizes(port: int, request: Request) -> tuple[int, int]:
    if request.method != "GET":
        return len(ask(port, request)[1]), 0
    plain: Any = Request(request.path, headers=request.headers)
    packed = Request(request.path, headers={**request.headers, "Accept-Encoding": "br"})
    return len(ask(port, plain)[1]), len(ask(port, packed)[1])
