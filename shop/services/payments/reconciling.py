"""Comparing with the gateways: what is merely late is settled, what differs all the same is kept for a person."""

import logging
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, update

from shop.db import db, errand, use_case
from shop.db.guarded import changed
from shop.gateways.payments import Gateway, GatewayProblem, GwPayment, Rejected, gateway_of
from shop.models.audit import GatewayCheck, PaymentDifference
from shop.queries.payments import (
    OurPayment,
    gateways_in_use,
    our_payments,
    refs_that_differ,
    refunds_under_way,
)
from shop.rules.reconciling import DAYS, TELL_REFUNDS, Differs, Side, differing
from shop.services.notices import NotYet
from shop.services.payments.looking import look_at
from shop.services.payments.refunds import send_back

log = logging.getLogger("shop.payments")

# Clocks differ, and a payment is opened there a little after it was opened here.
AROUND = timedelta(hours=1)
# So many that a gateway's list leaves out are asked about one by one in one night.
MOST_ASKED = 300

Clock = Callable[[], datetime]


@errand
def reconcile(*, now: datetime, days: int = DAYS) -> dict[str, int | None]:
    """Compare the payments of so many days with each gateway's, and return how many differ.

    None for a gateway that couldn't be compared with; what was known of its differences stays.
    """
    started = time.monotonic()

    def moment() -> datetime:
        # It may take minutes, and what is sent meanwhile must not look older than it is.
        return now + timedelta(seconds=time.monotonic() - started)

    return {code: _compared(code, now, moment, days) for code in gateways_in_use()}


def _compared(code: str, now: datetime, moment: Clock, days: int) -> int | None:
    try:
        gateway = gateway_of(code)
        since = now - timedelta(days=days)
        theirs = {payment.ref: payment for payment in gateway.list_since(since)}
        _settle_what_is_late(code, theirs, since, moment)
        found, unasked = _differences(code, gateway, theirs, since)
    except GatewayProblem as problem:
        log.warning("the payments of %s cannot be compared: %s", code, problem)
        _note_problem(gateway=code, problem=str(problem)[:200] or type(problem).__name__, now=now)
        return None
    _keep(gateway=code, found=found, unasked=unasked, payments=len(theirs), now=now)
    for one in found:
        log.error("%s tells payment %s of %s differently: %s", code, one.ref, one.number, one.kind)
    return len(found)


def _settle_what_is_late(
    code: str, theirs: dict[str, GwPayment], since: datetime, moment: Clock
) -> None:
    """Do what a lost notice would have done."""
    ours = our_payments(gateway=code, since=since - AROUND, refs=theirs)
    by_ref = {one.ref: one for one in ours if one.ref}
    by_id = {str(one.attempt_id): one for one in ours}
    for payment in theirs.values():
        attempt = by_ref.get(payment.ref) or by_id.get(payment.metadata.get("attempt_id", ""))
        if attempt is None or attempt.state in {payment.status, "mismatch"}:
            continue
        look_at(attempt_id=attempt.attempt_id, now=moment(), anew=payment.status == "succeeded")
    for refund_id in refunds_under_way(gateway=code):
        try:
            send_back(refund_id=refund_id, now=moment())
        except (NotYet, GatewayProblem) as problem:
            log.info("refund %s isn't settled yet: %s", refund_id, problem)


def _differences(
    code: str, gateway: Gateway, theirs: dict[str, GwPayment], since: datetime
) -> tuple[list[Differs], set[str]]:
    """Return what differs, and the payments of which nobody knows because too many had to be asked about."""
    open_ones = refs_that_differ(gateway=code)
    ours = our_payments(gateway=code, since=since, refs=[*theirs, *open_ones])
    known = {one.ref: one for one in ours if one.ref and one.state != "mismatch"}
    numbers = {one.ref: one.number for one in ours if one.ref}
    # One that doesn't match is a trouble of its own, told on the same page. Once it is sorted out money that comes by
    # it is as good as money of a payment that isn't ours, where the gateway tells whether it is still there.
    left_out = {
        one.ref
        for one in ours
        if one.state == "mismatch" and not (one.is_sorted and code in TELL_REFUNDS)
    }
    found: list[Differs] = []
    unasked: set[str] = set()
    asked = 0
    for ref in dict.fromkeys([*open_ones, *known, *theirs]):
        if ref in left_out:
            continue
        listed = theirs.get(ref)
        whose = (code, ref, numbers.get(ref, ""), known.get(ref))
        different = _compare(*whose, listed)
        if different and asked < MOST_ASKED:
            # The list is some seconds old, and not every gateway has one: only its newest word counts.
            asked += 1
            different = _compare(*whose, _fetched(gateway, ref))
        elif different and listed is None:
            unasked.add(ref)
            different = []
        found += different
    return found, unasked


def _fetched(gateway: Gateway, ref: str) -> GwPayment | None:
    try:
        return gateway.fetch(ref)
    except Rejected:
        return None


def _compare(
    code: str, ref: str, number: str, ours: OurPayment | None, theirs: GwPayment | None
) -> list[Differs]:
    return differing(
        gateway=code,
        ref=ref,
        number=number,
        ours=Side(ours.state, ours.amount_kopecks, ours.refunded_kopecks, ours.under_way_kopecks)
        if ours
        else None,
        theirs=Side(theirs.status, theirs.amount_kopecks, theirs.refunded_kopecks)
        if theirs
        else None,
    )


@use_case
def _keep(
    *,
    gateway: str,
    found: Sequence[Differs],
    unasked: set[str],
    payments: int,
    now: datetime,
) -> None:
    known = {
        (row.gateway_ref, row.kind): row
        for row in db.session.scalars(
            select(PaymentDifference).where(PaymentDifference.gateway == gateway)
        )
    }
    for one in found:
        row = known.get((one.ref, one.kind))
        if row is None:
            row = PaymentDifference(gateway=gateway, gateway_ref=one.ref, kind=one.kind)
            db.session.add(row)
        if row.found_at is None or row.solved_at is not None:
            row.found_at, row.solved_at = now, None
        row.number, row.ours, row.theirs, row.seen_at = one.number, one.ours, one.theirs, now
    db.session.flush()
    changed(
        update(PaymentDifference)
        .where(
            PaymentDifference.gateway == gateway,
            PaymentDifference.solved_at.is_(None),
            PaymentDifference.seen_at < now,
            PaymentDifference.gateway_ref.not_in(unasked & {ref for ref, _kind in known}),
        )
        .values(solved_at=now)
    )
    check = _check_of(gateway, now)
    check.compared_at, check.payments, check.unasked = now, payments, len(unasked)
    check.problem = ""


@use_case
def _note_problem(*, gateway: str, problem: str, now: datetime) -> None:
    _check_of(gateway, now).problem = problem


def _check_of(gateway: str, now: datetime) -> GatewayCheck:
    check = db.session.get(GatewayCheck, gateway)
    if check is None:
        check = GatewayCheck(gateway=gateway, payments=0, unasked=0, problem="", tried_at=now)
        db.session.add(check)
    check.tried_at = now
    return check
