"""A customer's own balance, paid out by a person at its owner's wish."""

from datetime import datetime

from sqlalchemy import func, select

from shop.db import db, use_case
from shop.models.payments import PaymentRefund
from shop.queries.ledger import balance_of
from shop.rules.ledger import balance, flow, payout_due
from shop.services.ledger import post
from shop.services.payments.by_hand import owe_by_hand
from shop.services.payments.freezing import must_not_be_frozen


class NothingToPayOut(Exception):
    """There is no bought money on the balance."""


@use_case
def pay_out_balance(*, account_id: int, now: datetime) -> int:
    """Take all bought money off a balance, to be paid out by a person, and return the refund: the one that waits, if one does.

    What the shop gave to spend (the promo balance) is never paid out.

    :raises NothingToPayOut: when there is none, and none waits.
    :raises MoneyFrozen: while it is frozen.
    """
    amount = balance_of(balance(account_id))
    if not amount:
        waiting = db.session.scalar(
            select(PaymentRefund.id)
            .where(PaymentRefund.account_id == account_id, PaymentRefund.state == "manual_due")
            .order_by(PaymentRefund.id.desc())
            .limit(1)
        )
        if waiting is None:
            raise NothingToPayOut
        return waiting
    must_not_be_frozen(account_id=account_id, now=now)
    # Not the moment: what was asked for may be back on the balance within it, and asked for anew.
    asked_before = select(func.count()).where(PaymentRefund.account_id == account_id)
    number = f"{account_id}:payout:{db.session.scalars(asked_before).one() + 1}"
    post(
        once_key=f"acc:{number}",
        kind="payout_asked",
        lines=flow(balance(account_id), payout_due(account_id), amount),
        reference="",
        actor="customer",
        now=now,
    )
    return owe_by_hand(
        account_id=account_id,
        amount_kopecks=amount,
        reason="balance",
        once_key=f"balance:{number}",
        now=now,
    )
