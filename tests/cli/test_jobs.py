"""The worker as it really runs: a process of its own, woken by the queue, killed and started again."""

import email
import os
import pathlib
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from threading import Event, Thread

import pytest
from aiosmtpd.controller import Controller
from paying import Paying
from sqlalchemy import select, text

from sandbox.serving import free_port
from shop.app import create_app
from shop.cli import jobs
from shop.cli.jobs import Worker
from shop.config import read_config
from shop.db import db
from shop.models import OutboxItem
from shop.services.notices import NotYet, queue_errand, queue_letter

ROOT = pathlib.Path(__file__).parents[2]


class Sink:
    """A mail server; at the `fatal` letter it kills the worker before it has said yes."""

    def __init__(self):
        self.ids: list[str] = []
        self.fatal = 0
        self.worker: subprocess.Popen[bytes] | None = None

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802
        self.ids.append(email.message_from_bytes(envelope.content)["Message-ID"])
        if self.worker and len(self.ids) == self.fatal:
            self.worker.kill()
        return "250 OK"


def wait_for(question, seconds=30):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if question():
            return
        time.sleep(0.02)
    raise AssertionError("it never came true")


@pytest.fixture
def sink():
    handler = Sink()
    controller = Controller(handler, hostname="127.0.0.1", port=free_port())
    controller.start()
    handler.port = controller.port
    yield handler
    controller.stop()


@pytest.fixture
def env(tmp_path, sink):
    return {
        "SHOP_DATA": str(tmp_path),
        "SHOP_ENV": "test",
        "SHOP_URL": "http://localhost",
        "MAIL_PORT": str(sink.port),
        "YOOKASSA_API_URL": f"http://127.0.0.1:{free_port()}/v3",
        "LOG_LEVEL": "WARNING",
    }


@pytest.fixture
def own_shop(env):
    """A shop whose database another process shares."""
    app = create_app(read_config(env))
    with app.app_context():
        db.create_all()
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def start_worker(env):
    started = []

    def start():
        process = subprocess.Popen(
            [sys.executable, "-m", "flask", "jobs", "work"],
            cwd=ROOT,
            env=os.environ | env | {"FLASK_APP": "wsgi", "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def write(app, count):
    with app.app_context():
        for number in range(count):
            queue_letter(
                letter="payment_returned",
                to=f"reader{number}@example.ru",
                language="ru",
                facts={"number": f"0000-{number:04}", "amount_kopecks": 100},
                once_key=f"letter-{number}-{time.monotonic_ns()}",
                now=datetime.now(UTC),
            )


def left(app):
    with app.app_context():
        return len(
            list(db.session.scalars(select(OutboxItem.id).where(OutboxItem.done_at.is_(None))))
        )


def test_a_worker_killed_in_the_middle_loses_no_letter(own_shop, start_worker, sink):
    write(own_shop, 6)
    sink.fatal = 3
    sink.worker = start_worker()
    sink.worker.wait(60)
    assert len(sink.ids) == 3
    assert left(own_shop) == 4
    with own_shop.app_context(), db.engine.begin() as connection:  # Two minutes pass.
        connection.execute(text("UPDATE outbox_item SET due_at = '2026-01-01 00:00:00.000000'"))

    sink.worker = None
    start_worker()
    wait_for(lambda: left(own_shop) == 0)

    assert len(sink.ids) == 7
    assert len(set(sink.ids)) == 6
    assert sink.ids[3] == sink.ids[2]


def test_the_worker_is_woken_at_once_and_leaves_in_peace(own_shop, start_worker, sink):
    worker = start_worker()
    write(own_shop, 1)
    wait_for(lambda: len(sink.ids) == 1)
    wait_for(lambda: left(own_shop) == 0)

    started = time.monotonic()
    write(own_shop, 3)
    wait_for(lambda: left(own_shop) == 0)
    assert time.monotonic() - started < 5

    worker.send_signal(signal.SIGTERM)
    out, problems = worker.communicate(timeout=20)
    assert worker.returncode == 0, problems
    assert "The worker has stopped." in out.decode()
    assert sink.ids == sorted(sink.ids)


def test_what_fails_does_not_end_the_worker(own_shop, start_worker, sink):
    with own_shop.app_context():
        queue_errand(kind="nonsense", payload={}, once_key="x", now=datetime.now(UTC))
    worker = start_worker()
    write(own_shop, 1)

    wait_for(lambda: len(sink.ids) == 1)
    wait_for(lambda: left(own_shop) == 1)  # The letter is struck off a moment after it went out.

    assert worker.poll() is None


def test_once_does_everything_that_is_due_and_returns(app, make, monkeypatch):
    sent = []
    monkeypatch.setattr("shop.gateways.mail.send", lambda **letter: sent.append(letter["to"]))
    paying = Paying(app, make)
    bought = paying.order()
    moment = datetime.now(UTC)
    with app.app_context():
        db.session.execute(
            text("UPDATE shop_order SET pay_until = :then"), {"then": moment + timedelta(hours=1)}
        )
        db.session.commit()
    ref = paying.at_the_bank(bought, moment - timedelta(minutes=1))
    paying.bank.end(ref, "succeeded")

    result = app.test_cli_runner().invoke(args=["jobs", "once"])

    assert result.exit_code == 0, result.output
    assert paying.order_state(bought) == "paid"
    assert "Things done: 3." in result.output
    assert sent == [bought.account.email] * 2


def test_once_drops_what_was_not_paid_in_time(app, make, monkeypatch):
    monkeypatch.setattr("shop.gateways.mail.send", lambda **_letter: None)
    paying = Paying(app, make)
    bought = paying.order()
    with app.app_context():
        db.session.execute(text("UPDATE shop_order SET pay_until = '2026-01-01 00:00:00.000000'"))
        db.session.commit()

    app.test_cli_runner().invoke(args=["jobs", "once"])

    assert paying.order_state(bought) == "expired"
    assert paying.stock(bought) == 10


def test_an_audit_that_takes_long_is_begun_by_nobody_else(app, monkeypatch):
    worker, began, ends = Worker(app, Event()), Event(), Event()
    looked = []

    def look(**told):
        looked.append(told["staff_id"])
        began.set()
        ends.wait(5)

    monkeypatch.setattr(jobs, "look_over_for", look)
    monkeypatch.setattr(jobs, "look_over_nightly", lambda **_told: looked.append("timer"))
    first = Thread(target=worker.audit_for, args=({"staff_id": 7},))
    first.start()
    assert began.wait(5)

    with pytest.raises(NotYet):
        worker.audit_for({"staff_id": 7})
    worker.audit()
    ends.set()
    first.join()
    worker.audit()

    assert looked == [7, "timer"]
