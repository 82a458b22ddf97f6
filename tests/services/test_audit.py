"""The audit as a deed: kept, told in the log, once a night."""

import logging
from datetime import timedelta

import pytest
from factories import NOON
from paying import Paying
from sqlalchemy import select

from shop.db import db
from shop.models import AuditRun, GatewayCheck, PaymentAttempt
from shop.services import audit
from shop.services.audit import look_over, look_over_for, look_over_nightly

NIGHT, DAY = 3, 14


def runs():
    db.session.rollback()
    rows = db.session.scalars(select(AuditRun).order_by(AuditRun.id))
    return [(row.actor, row.began_at, row.finding_count) for row in rows]


def test_keeps_what_it_found_and_tells_each_finding_as_an_error(inside, make, caplog):
    order = make.order(make.account())
    db.session.query(PaymentAttempt).update({"state": "canceled"})
    db.session.commit()

    with caplog.at_level(logging.ERROR, "shop.audit"):
        found = look_over(actor="terminal", now=NOON)

    assert [(one.rule, one.kind, one.about) for one in found] == [
        (6, "payments", order.number),
        (7, "money_from_nowhere", f"ord:{order.number}:paid"),
    ]
    kept = db.session.scalars(select(AuditRun)).one()
    assert (kept.actor, kept.began_at, kept.finding_count) == ("terminal", NOON, 2)
    assert kept.findings[0] == {
        "rule": 6,
        "kind": "payments",
        "about": order.number,
        "found": "0",
        "expected": "1",
    }
    assert [record.levelname for record in caplog.records] == ["ERROR", "ERROR"]
    assert "audit, rule 6: payments" in caplog.records[0].getMessage()


def test_runs_once_a_night_and_makes_up_for_a_night_that_was_missed(inside):
    hours = [
        (NOON, DAY, True),  # Never yet.
        (NOON + timedelta(minutes=10), DAY, False),
        (NOON + timedelta(hours=11), NIGHT, False),  # Too soon after the first.
        (NOON + timedelta(hours=15), NIGHT, True),
        (NOON + timedelta(hours=16), NIGHT + 1, False),
        (NOON + timedelta(hours=30), DAY, False),
        (NOON + timedelta(hours=41), DAY, True),  # The worker slept through the night.
    ]

    assert [look_over_nightly(now=now, hour=hour) for now, hour, _ in hours] == [
        is_run for *_, is_run in hours
    ]
    assert [began for _, began, _ in runs()] == [now for now, _, is_run in hours if is_run]


def test_an_employees_look_is_not_the_nights(inside):
    look_over(actor="staff:1", now=NOON)

    assert look_over_nightly(now=NOON + timedelta(minutes=1), hour=DAY)


def test_compares_with_the_gateways_before_it_looks(app, make):
    paying = Paying(app, make)
    bought = paying.order()
    paying.bank.end(paying.at_the_bank(bought), "succeeded")

    with app.app_context():
        look_over_nightly(now=NOON + timedelta(minutes=5), hour=NIGHT)
        assert runs() == [("timer", NOON + timedelta(minutes=5), 0)]
        assert db.session.scalars(select(GatewayCheck.gateway)).all() == ["yookassa"]
    assert paying.order_state(bought) == "paid"


def test_the_books_are_looked_at_also_when_comparing_breaks(inside, monkeypatch):
    def break_off(*, now):
        raise KeyError("an answer that nobody has seen before")

    monkeypatch.setattr(audit, "reconcile", break_off)
    staff = {"staff_id": 7, "now": NOON}

    for look in (lambda: look_over_nightly(now=NOON, hour=4), lambda: look_over_for(**staff)):
        with pytest.raises(KeyError):
            look()

    kept = db.session.scalars(select(AuditRun.actor).order_by(AuditRun.id)).all()
    assert kept == ["timer", "staff:7"]
    # Not once more in the same night.
    assert look_over_nightly(now=NOON, hour=4) is False


def test_old_looks_are_forgotten(inside):
    look_over(actor="timer", now=NOON - timedelta(days=401))

    look_over(actor="timer", now=NOON)

    assert len(runs()) == 1
