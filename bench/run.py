"""`make bench`: catalogs of several sizes, each page against the bare limit measured in the same run.

SIZES=1000,10000,100000 and REQUESTS=400 (requests a page) may be set. Prints a table, keeps it under bench/results/.
"""

import contextlib
import os
import pathlib
import platform
import re
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from bench import feed, limit, people
from bench.counting import queries_of
from bench.load import Figures, Request, ask, measure
from bench.pages import Page, add_to_cart, pages
from bench.server import ROOT, Server

SIZES = [int(size) for size in os.environ.get("SIZES", "1000,10000,100000").split(",")]
REQUESTS = int(os.environ.get("REQUESTS", "400"))
WRITERS = 16


def main() -> int:
    """Measure everything; return 1 when a page costs more than it ever may."""
    lines = [
        f"Measured {datetime.now(UTC):%Y-%m-%d} on {_machine()}; {REQUESTS} requests a page by 4 visitors, granian with 2 workers.",
        "",
    ]
    worst = 0
    for size in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            table, failed = _measure_size(size, pathlib.Path(folder))
        print("\n".join(table), flush=True)
        lines += table
        worst = max(worst, failed)
    results = ROOT / "bench" / "results"
    results.mkdir(exist_ok=True)
    (results / f"{datetime.now(UTC):%Y%m%d-%H%M}.md").write_text("\n".join(lines) + "\n")
    return worst


def _machine() -> str:
    model = next(
        (
            line.split(":")[1].strip()
            for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines()
            if "model name" in line
        ),
        "?",
    )
    return f"{os.cpu_count()} cores ({model}), Python {platform.python_version()}"


def _measure_size(size: int, folder: pathlib.Path) -> tuple[list[str], int]:
    settings = {
        "SHOP_DATA": str(folder),
        "SHOP_ENV": "demo",
        "DATABASE_URL": f"sqlite:///{folder / 'shop.db'}",
        "LOG_LEVEL": "WARNING",
    }
    table = [f"### {size:,} products", "", _import(size, folder, settings), ""]
    products = people.put(settings)
    base = _limit(folder)
    table += [
        f"The bare limit: {base.cpu_ms:.2f} ms of CPU a request, p50 {base.p50_ms:.1f} ms, {base.raw_bytes:,} bytes.",
        "",
    ]
    table += [
        "| page | CPU, ms | × limit | goal | never above | p50, ms | p95, ms | SQL | bytes | compressed | |",
        "|---|" + "---|" * 10,
    ]
    with Server("wsgi:app", settings) as server:
        rows, failed = _measure_pages(server, settings, products, base)
        memory = f"{server.memory_mb():.0f} MB"
    table += [*rows, "", f"Memory of master and workers that nothing else shares: {memory}.", ""]
    return table, failed


def _measure_pages(
    server: Server, settings: dict[str, str], products: list[int], base: Figures
) -> tuple[list[str], int]:
    """Each page's row of the table, and 1 when one of them costs too much."""
    rows, failed = [], 0
    cookie = _sign_in(server.port)
    category, last = _largest_category(server.port)
    for page in pages(category, last, _address_of(server.port, products[10])):
        page.request.headers.update({"Cookie": cookie} if page.is_signed_in else {})
        figures = measure(server, lambda _who, page=page: page.request, count=REQUESTS)  # type: ignore[misc]
        sql = queries_of(settings, page.request, people.EMAIL if page.is_signed_in else "")
        row, bad = _row(page, figures, base, sql)
        rows.append(row)
        failed |= bad
    row, bad = _writers(server, products, base)
    return [*rows, row], failed | bad


def _import(size: int, folder: pathlib.Path, settings: dict[str, str]) -> str:
    source = folder / "feed.yml"
    feed.write(source, size)
    env = {**os.environ, **settings, "FLASK_APP": "wsgi"}
    flask = [sys.executable, "-m", "flask"]
    subprocess.run([*flask, "db", "upgrade"], cwd=ROOT, env=env, check=True, capture_output=True)
    subprocess.run([*flask, "demo", "places"], cwd=ROOT, env=env, check=True, capture_output=True)
    start = time.monotonic()
    subprocess.run(
        [*flask, "feeds", "import", str(source)], cwd=ROOT, env=env, check=True, capture_output=True
    )
    took = time.monotonic() - start
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return f"Imported and searchable in {took:.1f} s; the most memory an import took so far is {memory:.0f} MB."


def _limit(folder: pathlib.Path) -> Figures:
    path = str(folder / "limit.db")
    limit.fill(path, 10_000)
    with Server("bench.limit:app", {"LIMIT_DATA": path}) as server:
        return measure(server, lambda _who: Request("/"), count=REQUESTS * 3)


def _sign_in(port: int) -> str:
    body = urlencode({"email": people.EMAIL, "password": people.PASSWORD})
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
    status, _body, answer = ask(port, Request("/auth/login", "POST", body, headers))
    if status != 303:
        raise RuntimeError(f"signing in answered {status}")
    return _cookies(answer.get_all("Set-Cookie") or [])


def _cookies(lines: list[str]) -> str:
    jar: SimpleCookie = SimpleCookie()
    for line in lines:
        with contextlib.suppress(Exception):
            jar.load(line)
    return "; ".join(f"{name}={morsel.value}" for name, morsel in jar.items())


def _largest_category(port: int) -> tuple[str, int]:
    """The first department holds half of all goods; its page 50, or the last when there are fewer."""
    text = ask(port, Request("/catalog/"))[1].decode()
    address = next(found for found in re.findall(r'href="(/catalog/[^"/]+/)"', text))
    for page in (50, 40, 30, 20, 10, 1):
        if ask(port, Request(f"{address}?page={page}"))[0] == 200:
            return address, page
    raise RuntimeError("no category answers")


def _address_of(port: int, product_id: int) -> str:
    status, _body, headers = ask(port, Request(f"/product/{product_id}-x"))
    return headers["Location"] if status in {301, 308} else f"/product/{product_id}-x"


def _row(page: Page, figures: Figures, base: Figures, queries: int) -> tuple[str, int]:
    times = figures.cpu_ms / base.cpu_ms
    good = times <= page.never_above and queries <= page.queries and not figures.failures
    verdict = "ok" if good else "TOO MUCH"
    row = (
        f"| {page.name} | {figures.cpu_ms:.2f} | {times:.2f} | {page.goal} | {page.never_above} | {figures.p50_ms:.1f} | {figures.p95_ms:.1f} "
        f"| {queries} of {page.queries} | {figures.raw_bytes:,} | {figures.sent_bytes:,} | {verdict} |"
    )
    return row, int(not good)


def _writers(server: Server, products: list[int], base: Figures) -> tuple[str, int]:
    """Sixteen guests put things in their carts at once."""
    cookies = [
        _cookies(ask(server.port, add_to_cart(products[who], ""))[2].get_all("Set-Cookie") or [])
        for who in range(WRITERS)
    ]
    figures = measure(
        server,
        lambda who: add_to_cart(products[who], cookies[who]),
        count=REQUESTS,
        visitors=WRITERS,
    )
    page = Page("add to cart, 16 writers", Request("/"), 2.5, 4, 8)
    times = figures.cpu_ms / base.cpu_ms
    good = times <= page.never_above and not figures.failures
    row = (
        f"| {page.name} | {figures.cpu_ms:.2f} | {times:.2f} | {page.goal} | {page.never_above} | {figures.p50_ms:.1f} | {figures.p95_ms:.1f} "
        f"| {figures.failures} errors | {figures.raw_bytes:,} | | {'ok' if good else 'TOO MUCH'} |"
    )
    return row, int(not good)


if __name__ == "__main__":
    sys.exit(main())
