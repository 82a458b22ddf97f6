"""A payment that isn't what was asked for, and the owner who settles it."""

from dataclasses import replace
from datetime import timedelta

from factories import NOON

from shop.db import db
from shop.queries.audit import run_audit
from shop.services.payments import (
    reconcile,
    settle_mismatch,
    sync,
)

LATER = NOON + timedelta(minutes=1)


def mismatched(paying, **told):
    """An order whose payment is told with another sum, or whatever else is `told` of it."""
    bought = paying.order()
    ref = paying.at_the_bank(bought)
    paying.bank.end(ref, "succeeded")
    forged = told or {"amount_kopecks": 1000_50}
    paying.bank.payments[ref] = replace(paying.bank.payments[ref], **forged)
    assert sync(attempt_id=bought.attempt_id, now=LATER) == "mismatch"
    return bought


def settled(paying, bought, kopecks, words=""):
    """Settled by an owner who writes that so much has come."""
    return settle_mismatch(
        attempt_id=bought.attempt_id,
        came_kopecks=kopecks,
        words=words,
        actor_id=paying.make.employee("owner").id,
        now=LATER,
    )


def work(paying):
    """What the worker does; what this session has read before is over."""
    paying.work(LATER)
    db.session.rollback()


def is_in_order(now=LATER):
    """Neither the audit nor the comparison with the gateway finds anything."""
    found = [one for one in run_audit(now=now, log_files=()) if one.kind != "not_compared"]
    return found == [] and reconcile(now=now) == {"yookassa": 0}
