"""flask jobs: what happens without anybody at the door: letters, payments, deadlines."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from threading import Event, Lock, Thread
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from shop.services.audit import look_over_for, look_over_nightly
from shop.services.auth import write_again
from shop.services.certificates import expire_due as expire_certificates
from shop.services.certificates import send_due as send_gifts
from shop.services.notices import NotYet, work_through
from shop.services.payments import expire_unpaid, look_into, poll_pending, send_back
from shop.services.points import expire_due, mature_due, warn_due
from shop.services.receipts import send_receipt
from shop.services.recovery import move_on, send_link
from shop.services.returns import close_settled
from shop.services.returns.guests import send_code
from shop.services.returns.photos import sweep_photos
from shop.services.security.export import prepare_export, sweep_exports
from shop.services.security.farewell import end_due_accounts
from shop.services.security.handover import forget_old_handovers
from shop.services.security.sweeping import sweep

commands = AppGroup("jobs", help="Do what waits: letters, payments, deadlines.")

log = logging.getLogger("shop.jobs")

# Seconds between looks: into the outbox (should a wake-up call be lost), at payments, at deadlines.
SWEEP, POLL, EXPIRE = 15.0, 15.0, 30.0
# Seconds between looks at lost mailboxes whose time of waiting is over.
MOVE = 15.0
# Seconds between clearings of what is over.
TIDY = 3600.0
# Seconds between looks at points that count from now on, and at those that end.
POINTS = 300.0
# Seconds between looks at gifts whose day has come, and at certificates whose term has passed.
GIFTS = 60.0
# Seconds between looks at the clock: is it time to audit the books?
AUDIT = 600.0
# Seconds between looks at accounts that end and files that are over.
SAY_GOODBYE = 600.0
WORKERS = 2
# The queue in a file is asked again after at most so many seconds.
LONGEST_NAP = 0.5
# Things done before looking whether it is time to stop.
BATCH = 5
# Seconds the timers may take to finish what they are at.
PATIENCE = 8.0


def _now() -> datetime:
    return datetime.now(UTC)


# What the outbox may hold beside letters: its kind, and who does it.
ERRANDS: dict[str, Callable[[dict[str, Any]], object]] = {
    "payment-sync": lambda payload: look_into(notice_id=payload["notice_id"], now=_now()),
    "payment-refund": lambda payload: send_back(refund_id=payload["refund_id"], now=_now()),
    "receipt": lambda payload: send_receipt(receipt_id=payload["receipt_id"], now=_now()),
    "recovery-link": lambda payload: send_link(
        asked=payload["asked"], **payload["facts"], now=_now()
    ),
    "confirmation-again": lambda payload: write_again(
        asked=payload["asked"],
        account_id=payload["account_id"],
        **payload["facts"],
        now=_now(),
    ),
    "return-code": lambda payload: send_code(
        asked=payload["asked"], **payload["facts"], now=_now()
    ),
    "data-export": lambda payload: prepare_export(export_id=payload["export_id"], now=_now()),
}


class Worker:
    """Does what is due until told to stop; every errand stands in a context of its own."""

    def __init__(self, app: Flask, stopping: Event) -> None:
        self.app = app
        self.stopping = stopping
        self.errands = {kind: partial(self._alone, errand) for kind, errand in ERRANDS.items()}
        self.errands["audit"] = self.audit_for
        self._guard, self._auditing = Lock(), Lock()
        self._is_writing = self._more_to_write = False

    def drain(self) -> int:
        """Empty the outbox of what is due; letters by one at a time, so that they keep their order."""
        done = self._until_nothing_is_due(letters=False)
        with self._guard:
            if self._is_writing:
                self._more_to_write = True
                return done
            self._is_writing = True
        try:
            while True:
                done += self._until_nothing_is_due(letters=True)
                with self._guard:
                    if not self._more_to_write:
                        self._is_writing = False
                        return done
                    self._more_to_write = False
        except BaseException:
            self._is_writing = False
            raise

    def poll(self) -> None:
        """Look at payments nobody has told us about."""
        self._alone(lambda _payload: poll_pending(now=_now()), {})

    def expire(self) -> None:
        """Drop orders that were not paid in time; close returns whose money has arrived."""
        self._alone(lambda _payload: expire_unpaid(now=_now()), {})
        self._alone(lambda _payload: close_settled(now=_now()), {})

    def tidy(self) -> None:
        """Clear away what is over, batch by batch: others write in between."""
        while not self.stopping.is_set():
            with self.app.app_context():
                swept = sweep(now=_now())
            if not swept.may_be_more:
                return

    def say_goodbye(self) -> None:
        """Empty accounts whose time has come, and remove copies of people's data whose week is over."""
        self._alone(lambda _payload: end_due_accounts(now=_now()), {})
        self._alone(lambda _payload: sweep_exports(now=_now()), {})
        self._alone(lambda _payload: sweep_photos(now=_now()), {})

    def keep_points(self) -> None:
        """Let points count whose time has come, write about those that end soon, take off those that have ended."""
        self._alone(lambda _payload: mature_due(now=_now()), {})
        self._alone(lambda _payload: warn_due(now=_now()), {})
        self._alone(lambda _payload: expire_due(now=_now()), {})

    def see_to_certificates(self) -> None:
        """Send gifts in the morning of their day, by the shop's clock; end what nobody activated in its term."""
        zone = self.app.extensions["shop_config"].shop_time_zone
        now = _now()
        self._alone(lambda _payload: send_gifts(local=now.astimezone(zone), now=now), {})
        self._alone(lambda _payload: expire_certificates(now=now), {})

    def audit(self) -> None:
        """Once a night, compare with the gateways and look at the books."""
        hour = _now().astimezone(self.app.extensions["shop_config"].shop_time_zone).hour
        self._look_over(partial(look_over_nightly, now=_now(), hour=hour))

    def audit_for(self, payload: dict[str, Any]) -> None:
        """The same for an employee. It may take longer than the outbox leases a thing: nobody begins it once more.

        :raises NotYet: while the books are being looked at already.
        """
        if not self._look_over(partial(look_over_for, staff_id=payload["staff_id"], now=_now())):
            raise NotYet("the books are being looked at")

    def _look_over(self, look: Callable[[], object]) -> bool:
        if not self._auditing.acquire(blocking=False):
            return False
        try:
            self._alone(lambda _payload: look(), {})
        finally:
            self._auditing.release()
        return True

    def move(self) -> None:
        """Take the accounts of lost mailboxes on, whose time of waiting is over; drop handovers whose time is out."""
        self._alone(lambda _payload: move_on(now=_now()), {})
        self._alone(lambda _payload: forget_old_handovers(now=_now()), {})

    def _until_nothing_is_due(self, *, letters: bool) -> int:
        done = 0
        while not self.stopping.is_set():
            with self.app.app_context():
                tried = work_through(now=_now(), errands=self.errands, letters=letters, most=BATCH)
            done += tried
            if tried < BATCH:
                break
        return done

    def _alone(self, errand: Callable[[dict[str, Any]], object], payload: dict[str, Any]) -> None:
        with self.app.app_context():
            errand(payload)

    def steadily(self, deed: Callable[[], object], pause: float) -> Thread:
        """Do `deed` now and then every `pause` seconds; a failure is logged and tried again."""

        def rounds() -> None:
            while not self.stopping.is_set():
                try:
                    deed()
                except Exception:
                    log.exception("%s failed; it is tried again in %s s", deed.__name__, pause)
                self.stopping.wait(pause)

        thread = Thread(target=rounds, name=deed.__name__, daemon=True)
        thread.start()
        return thread


@commands.command("work")
def work() -> None:
    """Work until stopped: do what is due, as soon as it is due."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    logging.getLogger("huey").setLevel(logging.WARNING)
    consumer = app.extensions["shop_queue"]().create_consumer(
        workers=WORKERS,
        periodic=False,
        initial_delay=0.05,
        max_delay=LONGEST_NAP,
        graceful_signal="TERM",
    )
    worker = Worker(app, consumer.stop_flag)
    app.extensions["shop_work"] = worker.drain
    timers = [
        worker.steadily(worker.drain, SWEEP),
        worker.steadily(worker.poll, POLL),
        worker.steadily(worker.expire, EXPIRE),
        worker.steadily(worker.move, MOVE),
        worker.steadily(worker.tidy, TIDY),
        worker.steadily(worker.say_goodbye, SAY_GOODBYE),
        worker.steadily(worker.see_to_certificates, GIFTS),
        worker.steadily(worker.keep_points, POINTS),
        worker.steadily(worker.audit, AUDIT),
    ]
    click.echo("The worker is at work.")
    consumer.run()
    for timer in timers:
        timer.join(PATIENCE)
    click.echo("The worker has stopped.")


@commands.command("once")
def once() -> None:
    """Do everything that is due now, then return."""
    worker = Worker(current_app._get_current_object(), Event())  # type: ignore[attr-defined]
    worker.poll()
    worker.expire()
    worker.move()
    worker.tidy()
    worker.say_goodbye()
    worker.see_to_certificates()
    worker.keep_points()
    worker.audit()
    click.echo(f"Things done: {worker.drain()}.")
