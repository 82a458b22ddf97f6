"""A payment that isn't what was asked for: a person looks at it in the gateway's own cabinet, and says what came of it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select, update

from shop.db import db, errand, use_case
from shop.db.guarded import changed
from shop.gateways.payments import GatewayProblem, gateway_of
from shop.models.auth import Account
from shop.models.certificates import Certificate
from shop.models.orders import Order
from shop.models.payments import PaymentAttempt
from shop.queries.payments import due_of
from shop.rules.staff import refuse_own
from shop.services.ledger import Came, keep_surplus, tell
from shop.services.notices import write_to
from shop.services.payments.settling import send_back_whole
from shop.services.payments.who import must_be_second


class ToldOtherwise(Exception):
    """The gateway tells another sum than the employee, or of money that it has sent back already; nothing was written."""

    def __init__(self, came_kopecks: int, back_kopecks: int) -> None:
        super().__init__(f"{came_kopecks} came, {back_kopecks} went back")
        self.came_kopecks, self.back_kopecks = came_kopecks, back_kopecks


@errand
def settle_mismatch(
    *, attempt_id: int, came_kopecks: int, words: str, actor_id: int, now: datetime
) -> bool:
    """Sort such a payment out (`sort_out`); the gateway is asked first whether so much money came.

    A slip would send too much back, or keep money that nobody looks for any more.

    :raises ToldOtherwise: when the gateway says something else.
    :raises NoResultFound, OwnMoney, NeedsAnother: as `sort_out` does.
    """
    attempt = db.session.get_one(PaymentAttempt, attempt_id)
    is_open = attempt.state == "mismatch" and attempt.sorted_at is None
    return sort_out(
        attempt_id=attempt_id,
        came_kopecks=came_kopecks,
        bonus_kopecks=_bonus_of(attempt, came_kopecks) if is_open else 0,
        words=words,
        actor_id=actor_id,
        now=now,
    )


def _bonus_of(attempt: PaymentAttempt, came_kopecks: int) -> int:
    """Ask how much of it came in the bank's own bonuses, and see to it that it was that much.

    Where the gateway can't say (it is away, or the money came under another number or in another currency), the person
    knows more.
    """
    if attempt.gateway_ref is None:
        return 0
    try:
        found = gateway_of(attempt.gateway).fetch(attempt.gateway_ref)
    except GatewayProblem:
        return 0
    if found.currency != "RUB":
        return 0
    came, back = found.amount_kopecks if found.status == "succeeded" else 0, found.refunded_kopecks
    is_so = (came, back) == (came_kopecks, 0) if came_kopecks else came <= back
    if not is_so:
        raise ToldOtherwise(came, back)
    return found.bonus_kopecks


@use_case
def sort_out(
    *,
    attempt_id: int,
    words: str,
    actor_id: int,
    now: datetime,
    came_kopecks: int = 0,
    bonus_kopecks: int = 0,
) -> bool:
    """Note what was found of such a payment, and write to its payer; False when that was done before.

    Money that came (`came_kopecks`, of it `bonus_kopecks` in the bank's own bonuses) bought nothing: it is booked as a
    surplus of that sum and goes back where it came from, as late money does. Without it nothing of the payment is open
    any more: nothing came, or it was settled outside the shop's books. `words` tell the payer what was found. The order
    or the certificate can be paid in another way meanwhile and afterwards.

    :raises NoResultFound: when there is no such payment.
    :raises OwnMoney: when the employee is the payer.
    :raises NeedsAnother: when it is a large sum and the employee isn't the owner (payments/who).
    """
    payer = _payer_of(attempt_id)
    refuse_own(customer_id=payer.id, employee_id=actor_id)
    must_be_second(kopecks=came_kopecks, decided_by={actor_id}, actor_id=actor_id)
    noted = {"sorted_at": now, "sorted_by": actor_id, "sorted_words": words}
    if came_kopecks:
        noted |= _as_surplus(attempt_id, came_kopecks, now) | {"bonus_kopecks": bonus_kopecks}
    if not _note(attempt_id, noted):
        return False
    clerk = f"staff:{actor_id}"
    tell(
        event="payment_sorted",
        facts={"attempt": attempt_id, "by": clerk, "kopecks": came_kopecks},
    )
    if came_kopecks:
        gateway = db.session.get_one(PaymentAttempt, attempt_id).gateway
        came = Came(attempt_id, gateway, came_kopecks, bonus_kopecks)
        keep_surplus(came=came, now=now, actor=clerk)
        send_back_whole(attempt_id=attempt_id, now=now)
    _write_to(payer, attempt_id, {"words": words, "came_kopecks": came_kopecks}, now)
    return True


def _as_surplus(attempt_id: int, came_kopecks: int, now: datetime) -> dict[str, Any]:
    """What becomes of an attempt by which money came after all: the sum is what came, whatever was asked for."""
    attempt = db.session.get_one(PaymentAttempt, attempt_id)
    request = dict(attempt.request or {})
    if came_kopecks != attempt.amount_kopecks:
        # The receipt that was asked for is of another sum; this money gets receipts of its own.
        request.pop("receipt", None)
    return {
        "state": "succeeded",
        "is_surplus": True,
        "amount_kopecks": came_kopecks,
        "request": request or None,
        "settled_at": now,
    }


def _note(attempt_id: int, noted: Mapping[str, Any]) -> bool:
    """Of two who sort it out at the same moment only one does."""
    is_open = (PaymentAttempt.state == "mismatch", PaymentAttempt.sorted_at.is_(None))
    change = update(PaymentAttempt).where(PaymentAttempt.id == attempt_id, *is_open)
    return bool(changed(change.values(**noted)))


def _payer_of(attempt_id: int) -> Account:
    """Who paid, where this is such a payment or was one."""
    was_wrong = or_(PaymentAttempt.state == "mismatch", PaymentAttempt.sorted_at.is_not(None))
    return db.session.scalars(
        select(Account)
        .select_from(PaymentAttempt)
        .outerjoin(Order, Order.id == PaymentAttempt.order_id)
        .outerjoin(Certificate, Certificate.id == PaymentAttempt.certificate_id)
        .join(Account, Account.id == func.coalesce(Order.account_id, Certificate.buyer_id))
        .where(PaymentAttempt.id == attempt_id, was_wrong)
    ).one()


def _write_to(payer: Account, attempt_id: int, found: dict[str, Any], now: datetime) -> None:
    attempt = db.session.get_one(PaymentAttempt, attempt_id)
    bought = due_of(order_id=attempt.order_id, certificate_id=attempt.certificate_id)
    write_to(
        account=payer,
        letter="payment_sorted",
        facts={
            "number": bought.number,
            "is_certificate": attempt.certificate_id is not None,
            **found,
        },
        once_key=f"payment-sorted-{attempt_id}",
        now=now,
    )
