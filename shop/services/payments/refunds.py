"""Money on its way back: owed in one transaction, sent afterwards, watched until it has arrived or failed."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select, update

from shop.db import db, errand, use_case
from shop.db.guarded import changed
from shop.gateways.payments import (
    Gateway,
    GatewayProblem,
    GwRefund,
    Rejected,
    cash_desk_of,
    gateway_of,
)
from shop.models.payments import PaymentAttempt, PaymentRefund
from shop.queries.payments import sent_back
from shop.queries.receipts import lines_with_refund
from shop.rules.cards import card_told
from shop.rules.payments import (
    ASKED_ANEW_AFTER,
    KEY_LIFE,
    REFUND_BY_GATEWAY,
    REFUND_UNDER_WAY,
    bonus_back,
    sends_back,
)
from shop.services.ledger import Came, pay_out, tell
from shop.services.notices import NotYet, queue_errand
from shop.services.payments._owing import number_of, owe, owed_in, write_to_owner
from shop.services.payments.by_hand import ask_whereto


@use_case
def owe_back(
    *, attempt_id: int, amount_kopecks: int, reason: str, once_key: str, now: datetime
) -> int:
    """Write down that money of an attempt goes back to where it came from, once for each `once_key`; return the refund.

    Where its way to pay takes money only a person pays it back, and its owner is asked at once where to.
    """
    goes_by_itself = sends_back(db.session.get_one(PaymentAttempt, attempt_id).method)
    refund_id, is_new = owe(
        attempt_id=attempt_id,
        amount_kopecks=amount_kopecks,
        bonus_kopecks=_bonus_in(attempt_id, amount_kopecks),
        reason=reason,
        state="new" if goes_by_itself else "manual_due",
        once_key=once_key,
        opened_at=now,
    )
    if is_new and not goes_by_itself:
        ask_whereto(refund_id=refund_id, now=now)
    elif is_new:
        queue_errand(
            kind="payment-refund",
            payload={"refund_id": refund_id},
            once_key=f"payment-refund-{refund_id}",
            now=now,
        )
    return refund_id


def _bonus_in(attempt_id: int, kopecks: int) -> int:
    gone, gone_in_bonuses = sent_back(PaymentAttempt.id)
    query = select(
        PaymentAttempt.amount_kopecks, PaymentAttempt.bonus_kopecks, gone, gone_in_bonuses
    )
    whole, bonus, before, bonus_before = db.session.execute(
        query.where(PaymentAttempt.id == attempt_id)
    ).one()
    return bonus_back(
        whole_kopecks=whole,
        bonus_kopecks=bonus,
        before_kopecks=before,
        bonus_before_kopecks=bonus_before,
        kopecks=kopecks,
    )


@errand
def send_back(*, refund_id: int, now: datetime) -> str:
    """Send money back, or look how it is getting on; return the refund's state when that is final.

    :raises NotYet: while the gateway is at it, or was asked just now and knows no keys.
    :raises GatewayProblem: when nobody knows whether it has begun; it must be asked again.
    """
    refund, attempt = db.session.execute(
        select(PaymentRefund, PaymentAttempt)
        .join(PaymentAttempt, PaymentAttempt.id == PaymentRefund.attempt_id)
        .where(PaymentRefund.id == refund_id)
    ).one()
    if refund.state not in REFUND_UNDER_WAY:
        return refund.state
    gateway = gateway_of(attempt.gateway)
    if not gateway.has_keys and not _begin(refund_id=refund_id, now=now):
        raise NotYet(f"refund {refund_id} was asked for just now")
    try:
        found = _found(gateway, refund, attempt, now)
    except Rejected as problem:
        return _note_failure(refund_id=refund_id, problem=problem.code, now=now)
    except GatewayProblem:
        _note_unknown(refund_id=refund_id)
        raise
    state = _settle(refund_id=refund_id, found=found, now=now)
    if state == "pending":
        raise NotYet(f"refund {refund_id} is under way")
    return state


@use_case
def _begin(*, refund_id: int, now: datetime) -> bool:
    """Note that the gateway is asked now; False when somebody has asked it so lately that its sums don't tell yet."""
    is_time = or_(
        PaymentRefund.asked_at.is_(None), PaymentRefund.asked_at <= now - ASKED_ANEW_AFTER
    )
    which = (PaymentRefund.id == refund_id, PaymentRefund.state.in_(REFUND_UNDER_WAY), is_time)
    return bool(changed(update(PaymentRefund).where(*which).values(asked_at=now)))


def _found(
    gateway: Gateway, refund: PaymentRefund, attempt: PaymentAttempt, now: datetime
) -> GwRefund:
    if refund.gateway_ref:
        return gateway.fetch_refund(refund.gateway_ref)
    ref = attempt.gateway_ref or ""
    lives = (now - refund.opened_at) // KEY_LIFE
    if lives:  # The gateway has forgotten the key: only its list knows whether it has happened.
        for known in gateway.refunds_of(ref):
            if known.metadata.get("refund_id") == str(refund.id):
                return known
    request = gateway.refund_request_of(
        payment_ref=ref,
        amount_kopecks=refund.amount_kopecks,
        refund_id=refund.id,
        payment_request=attempt.request or {},
        returned_before_kopecks=_returned_before(refund),
    )
    lines = lines_with_refund(refund_id=refund.id)
    if lines and "receipt" in (attempt.request or {}):
        desk = cash_desk_of(attempt.gateway)
        request = desk.with_receipt(request, lines, attempt.request or {})
    key = uuid.uuid5(uuid.NAMESPACE_URL, f"{attempt.idempotence_key}:refund:{refund.id}:{lives}")
    return gateway.refund(request, str(key))


def _returned_before(refund: PaymentRefund) -> int:
    """Return how many kopecks of the same payment earlier refunds send back, whether they have arrived or not."""
    total = select(func.coalesce(func.sum(PaymentRefund.amount_kopecks), 0)).where(
        PaymentRefund.attempt_id == refund.attempt_id,
        PaymentRefund.id < refund.id,
        PaymentRefund.state.in_(REFUND_BY_GATEWAY),
    )
    return int(db.session.scalars(total).one())


@use_case
def _settle(*, refund_id: int, found: GwRefund, now: datetime) -> str:
    refund = db.session.get_one(PaymentRefund, refund_id)
    attempt = db.session.get_one(PaymentAttempt, refund.attempt_id)
    if found.amount_kopecks != refund.amount_kopecks or found.payment_ref != attempt.gateway_ref:
        return _note_failure(refund_id=refund_id, problem="mismatch", now=now)
    if found.status == "canceled":
        return _note_failure(refund_id=refund_id, problem=found.cancel_reason, now=now)
    if found.status == "pending":
        _move(refund_id, ("new", "unknown"), state="pending", gateway_ref=found.ref)
    elif _move(
        refund_id, REFUND_UNDER_WAY, state="succeeded", gateway_ref=found.ref, settled_at=now
    ):
        _write_down(attempt, refund, now)
        _tell(attempt, refund, now)
    db.session.refresh(refund)
    return refund.state


@use_case
def _note_failure(*, refund_id: int, problem: str, now: datetime) -> str:
    """Leave it for a person, who pays money alone: the gateway will not send it back. Its owner is asked where it shall go."""
    if _move(
        refund_id,
        REFUND_UNDER_WAY,
        state="manual_due",
        bonus_kopecks=0,
        problem=problem[:60] or "canceled",
    ):
        tell(
            event="refund_failed",
            facts={"refund": refund_id, "problem": problem},
            is_trouble=True,
        )
        ask_whereto(refund_id=refund_id, now=now)
    return "manual_due"


@use_case
def _note_unknown(*, refund_id: int) -> None:
    _move(refund_id, ("new",), state="unknown")


def _move(refund_id: int, states: tuple[str, ...], **values: Any) -> bool:
    which = (PaymentRefund.id == refund_id, PaymentRefund.state.in_(states))
    return bool(changed(update(PaymentRefund).where(*which).values(**values)))


def _write_down(attempt: PaymentAttempt, refund: PaymentRefund, now: datetime) -> None:
    pay_out(
        refund_id=refund.id,
        owed=owed_in(refund),
        out=Came(attempt.id, attempt.gateway, refund.amount_kopecks, refund.bonus_kopecks),
        reference=number_of(refund),
        now=now,
    )


def _tell(attempt: PaymentAttempt, refund: PaymentRefund, now: datetime) -> None:
    write_to_owner(
        refund,
        "payment_returned",
        once_key=f"payment-returned-{refund.id}",
        now=now,
        is_surplus=attempt.is_surplus,
        is_sorted=attempt.sorted_at is not None,
        is_certificate=attempt.certificate_id is not None,
        bonus_kopecks=refund.bonus_kopecks,
        way=attempt.method,
        card=card_told(attempt.card_scheme, attempt.card_last4),
    )
