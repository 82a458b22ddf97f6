"""Asking the gateway how an attempt stands, also when the answer to its opening was lost."""

import logging
import uuid
from datetime import datetime, timedelta

from sqlalchemy import update

from shop.db import db, errand, use_case
from shop.gateways.payments import Gateway, GatewayProblem, GwPayment, Rejected, gateway_of
from shop.models.payments import PaymentAttempt
from shop.queries.payments import due_of, undecided_attempts_at
from shop.rules.payments import KEY_LIFE, SENDING_TAKES
from shop.services.payments.settling import settle

log = logging.getLogger("shop.payments")

# Clocks differ: the gateway may have dated a payment a little before we opened it.
CLOCKS_DIFFER = timedelta(minutes=10)
# Whoever leaves payments behind for others again and again doesn't make us ask about all of them while they wait;
# the worker does.
MOST_AT_ONCE = 5
# Of what the key of taking a held payment is made, beside the key of its opening.
CAPTURE = uuid.UUID("5c3a9f0e-2f57-4b0d-9a55-0d3a1c6f7e21")


@errand
def sync(*, attempt_id: int, now: datetime, not_sooner_than: timedelta = timedelta(0)) -> str:
    """Return an attempt's state after asking the gateway; as it was known when the gateway is away.

    Nobody is asked again within `not_sooner_than` of the last time.
    """
    attempt = db.session.get_one(PaymentAttempt, attempt_id)
    if attempt.looked_at is not None and now - attempt.looked_at < not_sooner_than:
        return attempt.state
    try:
        return look_at(attempt_id=attempt_id, now=now)
    except GatewayProblem as problem:
        log.warning("payment attempt %s cannot be looked at: %s", attempt_id, problem)
        return attempt.state


@errand
def catch_up(
    *,
    order_id: int | None,
    certificate_id: int | None,
    now: datetime,
    not_sooner_than: timedelta = timedelta(0),
) -> dict[int, str]:
    """Ask about every attempt at an order or a certificate that may still bring money; return their states.

    Also about those that were left behind for another, the newest ones: their pages at the bank may have stayed open,
    and been paid.
    """
    found = undecided_attempts_at(order_id=order_id, certificate_id=certificate_id)
    return {
        attempt_id: sync(attempt_id=attempt_id, now=now, not_sooner_than=not_sooner_than)
        for attempt_id in found[-MOST_AT_ONCE:]
    }


@errand
def look_at(*, attempt_id: int, now: datetime, anew: bool = False) -> str:
    """Ask the gateway about an attempt, settle it, and return its state.

    Where the gateway has said its last word it is asked again only when somebody hears otherwise (`anew`).

    :raises GatewayProblem: when the gateway cannot say.
    """
    attempt = db.session.get_one(PaymentAttempt, attempt_id)
    is_settled = attempt.state == "succeeded" if anew else attempt.settled_at is not None
    if is_settled or attempt.state == "new" or _is_being_sent(attempt, now):
        return attempt.state
    due = due_of(order_id=attempt.order_id, certificate_id=attempt.certificate_id)
    try:
        found = _found(gateway_of(attempt.gateway), attempt, now, is_awaited=due.is_due(now))
    except Rejected as problem:
        log.error("payment attempt %s: the gateway says %s", attempt_id, problem)
        if attempt.gateway_ref and attempt.state != "canceled":
            _note_look(attempt_id=attempt_id, now=now)
            raise
        return _close(attempt_id=attempt_id, state="rejected", reason=problem.code, now=now)
    except GatewayProblem:
        _note_look(attempt_id=attempt_id, now=now)
        raise
    if found is None:
        return _close(attempt_id=attempt_id, state="canceled", reason="never_opened", now=now)
    return settle(attempt_id=attempt_id, found=found, now=now)


def _is_being_sent(attempt: PaymentAttempt, now: datetime) -> bool:
    began = attempt.looked_at or attempt.opened_at
    return attempt.state == "sending" and now - began < SENDING_TAKES


def _found(
    gateway: Gateway, attempt: PaymentAttempt, now: datetime, *, is_awaited: bool
) -> GwPayment | None:
    if attempt.gateway_ref:
        found = gateway.fetch(attempt.gateway_ref)
        if (
            found.status == "held" and is_awaited
        ):  # The customer has agreed; now it is for us to take.
            return gateway.capture(found, str(uuid.uuid5(CAPTURE, attempt.idempotence_key)))
        return found
    # One that was left behind isn't opened anew: nobody has seen where to pay it, and nobody shall.
    is_wanted = is_awaited and attempt.state != "canceled"
    if is_wanted and attempt.request and now - attempt.opened_at < KEY_LIFE:
        return gateway.create(attempt.request, attempt.idempotence_key)
    for payment in gateway.list_since(attempt.opened_at - CLOCKS_DIFFER):
        if (
            payment.metadata.get("attempt_id") == str(attempt.id)
            and payment.amount_kopecks == attempt.amount_kopecks
        ):
            return payment
    return None


@use_case
def _note_look(*, attempt_id: int, now: datetime) -> None:
    db.session.execute(
        update(PaymentAttempt).where(PaymentAttempt.id == attempt_id).values(looked_at=now)
    )


@use_case
def _close(*, attempt_id: int, state: str, reason: str, now: datetime) -> str:
    """End an attempt that never became a payment."""
    attempt = db.session.get_one(PaymentAttempt, attempt_id)
    if attempt.state in {"sending", "unknown"}:
        attempt.state, attempt.cancel_reason = state, reason
    attempt.settled_at = attempt.settled_at or now
    return attempt.state
