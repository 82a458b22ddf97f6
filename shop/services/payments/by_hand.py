"""Money that a person pays back, since no gateway will: its owner tells where to, and who paid it is written down."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update

from shop.db import db, use_case
from shop.db.guarded import changed
from shop.models.payments import PaymentRefund, PayoutDetails
from shop.queries.payments import payout_of
from shop.rules import ledger
from shop.rules.ledger import BANK, flow
from shop.rules.payouts import OPENING_LIVES, end_of
from shop.rules.staff import refuse_own
from shop.services.ledger import post
from shop.services.payments._owing import number_of, owe, owed_in, owner_of, write_to_owner
from shop.services.payments.freezing import must_not_be_frozen
from shop.services.payments.who import must_be_payer
from shop.services.profile import note_event
from shop.services.receipts import receipt_for_balance_back, receipt_for_balance_in


class NotOwedByHand(Exception):
    """This money isn't waiting for a person: it was paid already, or a gateway is at it."""


class BeingPaid(Exception):
    """An employee has opened the details and may be paying just now: they stay as they are."""


class OpenedByAnother(Exception):
    """A colleague has opened the details a short while ago and may be paying: two would pay it twice."""


@dataclass(frozen=True, slots=True)
class Whereto:
    """A bank account (`bic`, `account_number`) or a telephone in СБП (`phone`, `bank`); `way` is one of rules/payouts."""

    way: str
    name: str
    bic: str = ""
    account_number: str = ""
    phone: str = ""
    bank: str = ""

    @property
    def end(self) -> str:
        """As much of it as its owner needs to know it again."""
        return end_of(self.account_number or self.phone)


@use_case
def owe_by_hand(
    *,
    order_id: int | None = None,
    account_id: int | None = None,
    amount_kopecks: int,
    reason: str,
    once_key: str,
    now: datetime,
) -> int:
    """Write down that a person pays back money of an order, or a customer's balance; return the refund.

    Once for each `once_key`. Its owner is asked where it shall be sent.
    """
    refund_id, is_new = owe(
        order_id=order_id,
        account_id=account_id,
        amount_kopecks=amount_kopecks,
        reason=reason,
        state="manual_due",
        once_key=once_key,
        opened_at=now,
    )
    if is_new:
        ask_whereto(refund_id=refund_id, now=now)
    return refund_id


@use_case
def ask_whereto(
    *, refund_id: int, now: datetime, remark: str = "", actor_id: int | None = None
) -> None:
    """Ask the owner of the money where it shall be sent; what was told before is dropped, and `remark` says why.

    Who is asked already isn't asked again: with a remark there must be something to drop.

    :raises NotOwedByHand: when it isn't waiting for a person (any more).
    :raises OpenedByAnother: when a colleague of the employee (`actor_id`) may be paying it.
    :raises OwnMoney: when the employee who asks (`actor_id`) would be the one who is asked.
    """
    refund = _waiting(refund_id)
    if actor_id is not None:
        refuse_own(customer_id=owner_of(refund).id, employee_id=actor_id)
    _not_at_anothers(refund_id, actor_id, now)
    if not _forget_details(refund_id) and remark:
        return
    payout = payout_of(refund_id=refund_id)
    write_to_owner(
        refund,
        "payout_wanted",
        once_key=f"payout-wanted-{refund_id}-{now:%Y%m%d%H%M%S%f}",
        now=now,
        refund_id=refund_id,
        is_balance=refund.account_id is not None,
        is_card=refund.attempt_id is not None,
        was_refused=payout.was_refused,
        remark=remark,
        pay_by=payout.pay_by.isoformat(),
    )


@use_case
def tell_whereto(*, refund_id: int, whereto: Whereto, now: datetime) -> None:
    """Keep where money shall be sent, until it is; told again it takes the place of what was told.

    Its owner gets a letter about it, so that nobody else's account stands there unnoticed. Whose money it is, the caller has looked at.

    :raises NotOwedByHand: when it isn't waiting for a person (any more).
    :raises BeingPaid: when an employee has opened what was told before.
    :raises MoneyFrozen: while its owner's money is frozen.
    """
    refund = _waiting(refund_id)
    must_not_be_frozen(account_id=owner_of(refund).id, now=now)
    _not_being_paid(refund_id)
    _forget_details(refund_id)
    db.session.add(PayoutDetails(refund_id=refund_id, given_at=now, **asdict(whereto)))
    db.session.flush()
    write_to_owner(
        refund,
        "payout_whereto",
        once_key=f"payout-whereto-{refund_id}-{now:%Y%m%d%H%M%S%f}",
        now=now,
        refund_id=refund_id,
        way=whereto.way,
        end=whereto.end,
        bank=whereto.bank,
    )


@use_case
def take_to_balance(*, refund_id: int, now: datetime) -> None:
    """Give the money to its owner's balance at once, at the owner's wish.

    :raises NotOwedByHand: when it isn't waiting for a person (any more).
    :raises BeingPaid: when an employee has opened the details and may be paying.
    :raises MoneyFrozen: while its owner's money is frozen.
    """
    refund = _waiting(refund_id)
    must_not_be_frozen(account_id=owner_of(refund).id, now=now)
    _not_being_paid(refund_id)
    _settle(refund, "to_balance", {}, now)
    _book(refund, ledger.balance(owner_of(refund).id), "refund_to_balance", "customer", now)
    if refund.account_id is None:
        receipt_for_balance_in(refund_id=refund_id, now=now)


@use_case
def open_details(*, refund_id: int, actor_id: int, now: datetime) -> None:
    """Note that an employee opens where money shall be sent; its owner will read it. From now on the details stay.

    :raises NotOwedByHand: when there is nothing to open (any more).
    :raises OpenedByAnother: when a colleague has opened it a short while ago.
    :raises OwnMoney, NeedsAnother: when another employee must pay it (payments/who).
    """
    refund = _waiting(refund_id)
    must_be_payer(refund_id=refund_id, actor_id=actor_id)
    _not_at_anothers(refund_id, actor_id, now)
    kept = update(PayoutDetails).where(PayoutDetails.refund_id == refund_id)
    if not changed(kept.values(opened_by=actor_id, opened_at=now)):
        raise NotOwedByHand
    note_event(
        account_id=owner_of(refund).id,
        kind="payout_details_opened",
        facts={"number": number_of(refund)},
        actor_id=actor_id,
        now=now,
    )


@use_case
def settle_by_hand(*, refund_id: int, actor_id: int, note: str, now: datetime) -> None:
    """Note that a person has paid it from the shop's bank account, and how (`note`); where it went is forgotten.

    :raises NotOwedByHand: when it isn't waiting for that (any more).
    :raises OpenedByAnother: when a colleague has opened the details a short while ago.
    :raises OwnMoney, NeedsAnother: when another employee must pay it (payments/who).
    """
    refund = _waiting(refund_id)
    must_be_payer(refund_id=refund_id, actor_id=actor_id)
    _not_at_anothers(refund_id, actor_id, now)
    kept = db.session.get(PayoutDetails, refund_id)
    end = end_of(kept.account_number or kept.phone) if kept else ""
    _settle(refund, "paid_manually", {"paid_by": actor_id, "note": note}, now)
    _book(refund, BANK, "refund_by_hand", f"staff:{actor_id}", now)
    if refund.account_id is not None:
        receipt_for_balance_back(refund_id=refund_id, amount_kopecks=refund.amount_kopecks, now=now)
    key = f"payout-done-{refund_id}"
    write_to_owner(refund, "payout_done", once_key=key, now=now, end=end)


def _waiting(refund_id: int) -> PaymentRefund:
    refund = db.session.scalar(
        select(PaymentRefund)
        .where(PaymentRefund.id == refund_id, PaymentRefund.state == "manual_due")
        .execution_options(populate_existing=True)
    )
    if refund is None:
        raise NotOwedByHand
    return refund


def _not_being_paid(refund_id: int) -> None:
    opened = select(PayoutDetails.opened_at).where(PayoutDetails.refund_id == refund_id)
    if db.session.scalar(opened) is not None:
        raise BeingPaid


def _not_at_anothers(refund_id: int, actor_id: int | None, now: datetime) -> None:
    opened = select(PayoutDetails.refund_id).where(
        PayoutDetails.refund_id == refund_id,
        PayoutDetails.opened_by != actor_id,
        PayoutDetails.opened_at > now - OPENING_LIVES,
    )
    if actor_id is not None and db.session.scalar(opened) is not None:
        raise OpenedByAnother


def _forget_details(refund_id: int) -> bool:
    return bool(changed(delete(PayoutDetails).where(PayoutDetails.refund_id == refund_id)))


def _settle(refund: PaymentRefund, state: str, noted: Mapping[str, Any], now: datetime) -> None:
    """Only one of those who end it at the same moment does; what was told of where to is over."""
    which = (PaymentRefund.id == refund.id, PaymentRefund.state == "manual_due")
    values = {"state": state, "settled_at": now, **noted}
    if not changed(update(PaymentRefund).where(*which).values(**values)):
        raise NotOwedByHand
    _forget_details(refund.id)


def _book(
    refund: PaymentRefund, arrives: ledger.Book, kind: str, actor: str, now: datetime
) -> None:
    post(
        once_key=f"rf:{refund.id}:ok",
        kind=kind,
        lines=flow(owed_in(refund), arrives, refund.amount_kopecks),
        reference=number_of(refund),
        actor=actor,
        now=now,
    )
