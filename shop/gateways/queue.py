"""The waker: tells the worker that a row waits. The rows are the truth; a lost call costs a while."""

import logging
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import Flask, current_app

from shop.config import Config

if TYPE_CHECKING:
    from huey import Huey

log = logging.getLogger("shop.queue")


def init_app(app: Flask, config: Config) -> None:
    """Note which queue `QUEUE_URL` names; it is opened when it is first asked for."""

    @cache
    def queue() -> "Huey":
        return _open(config.queue_url)

    @cache
    def task() -> Callable[[], object]:
        made: Callable[[], object] = queue().task(retries=0, name="drain")(drain)
        return made

    def wake_up() -> None:
        task()()

    def drain() -> None:
        """Run by the worker, which has put what to do there."""
        work: Callable[[], None] = app.extensions["shop_work"]
        work()

    def opened() -> "Huey":
        task()  # A worker must know the task before it takes one.
        return queue()

    app.extensions["shop_queue"] = opened
    app.extensions["shop_wake"] = wake_up


def _open(url: str) -> "Huey":
    """Open it; huey is imported here because a web process that sells nothing needs none of it."""
    import huey

    kind = urlsplit(url).scheme
    if kind == "sqlite":
        file = url.removeprefix("sqlite:///")
        return huey.SqliteHuey("shop", filename=file, results=False, fsync=False)
    if kind in {"redis", "rediss"}:
        return huey.RedisHuey("shop", url=url, results=False)
    return huey.PostgresHuey("shop", dsn=url, results=False)


def wake() -> None:
    """Ask the worker to look into the outbox now. Never fails: the sweep comes anyway."""
    try:
        current_app.extensions["shop_wake"]()
    except Exception:
        log.exception("the queue is away; the sweep will find the row")
