"""A receipt is written down in the use-case that moves the money, under the key of the books' entry of it.

Whatever a gateway's cash desk can make is then said to it by an errand; the rest waits for a person (by_hand).
"""

from datetime import datetime

from shop.db import db, use_case
from shop.models.certificates import Certificate
from shop.models.orders import Order
from shop.queries.receipts import (
    Anchor,
    anchor_of,
    anchor_of_balance,
    anchor_of_order,
    balance_lines,
    certificate_lines,
    going_back,
    handed_over,
    name_of,
    order_goods,
    order_lines,
    payment_lines,
    vat_code,
)
from shop.rules.receipts import BALANCE_IN, Goods, settled_by
from shop.services.receipts._rows import About, write_down


@use_case
def receipt_for_order(*, order_id: int, attempt_id: int | None, now: datetime) -> None:
    """Write the receipt of an order that is paid, or whose balance's part is; no money, no receipt.

    `attempt_id` is what brought the money from outside; without it only the balance has paid so far.
    """
    number = name_of(order_id=order_id, certificate_id=None)
    goods, mode = order_goods(order_id), "full_prepayment"
    if attempt_id is None and goods.outside_kopecks:
        goods, mode = goods.without_outside(), "partial_prepayment"
    anchor = anchor_of(attempt_id) or _anchor_of_balance(order_id, goods, mode)
    write_down(
        f"ord:{number}:paid",
        About(
            "payment",
            order_id=order_id,
            anchor=anchor,
            is_inside=anchor is not None and anchor.has_receipt and attempt_id is not None,
        ),
        goods.lines(number=number, mode=mode, vat=vat_code()),
        settled_by(cashless=goods.outside_kopecks, prepayment=goods.balance_kopecks),
        now,
    )


def _anchor_of_balance(order_id: int, goods: Goods, mode: str) -> Anchor | None:
    """Where the balance pays for everything, the receipt may hang on the certificate's payment."""
    if mode != "full_prepayment" or not goods.balance_kopecks:
        return None
    return anchor_of_balance(db.session.get_one(Order, order_id).account_id)


@use_case
def receipt_for_parcel(*, parcel_id: int, now: datetime) -> None:
    """Write the receipt of a parcel that its customer has: what was paid beforehand becomes its price."""
    handed = handed_over(parcel_id)
    goods = handed.goods
    at_the_door = goods.outside_kopecks if handed.is_paid_at_the_door else 0
    anchor = anchor_of_order(handed.order_id)
    if anchor is None and not goods.outside_kopecks:
        anchor = anchor_of_balance(handed.account_id)
    write_down(
        f"shp:{parcel_id}:done",
        About(
            "settlement",
            order_id=handed.order_id,
            parcel_id=parcel_id,
            anchor=None if handed.is_paid_at_the_door else anchor,
        ),
        goods.lines(number=handed.number, mode="full_payment", vat=vat_code()),
        settled_by(prepayment=goods.money_kopecks - at_the_door, at_the_door=at_the_door),
        now,
    )


@use_case
def receipt_for_goods_back(
    *,
    once_key: str,
    order_id: int,
    goods: Goods,
    mode: str,
    refund_id: int | None,
    now: datetime,
) -> None:
    """Write the receipt of pieces that were called off or given back, under the key of the books' entry.

    `mode` is as it was on the receipt by which they were paid; `refund_id` what goes back from outside, if any does:
    what goes back onto a balance only, no gateway makes a receipt of.
    """
    number = name_of(order_id=order_id, certificate_id=None)
    anchor = anchor_of_order(order_id) if refund_id is not None else None
    write_down(
        once_key,
        About(
            "refund",
            order_id=order_id,
            refund_id=refund_id,
            anchor=anchor,
            is_inside=anchor is not None and anchor.has_receipt and not goods.balance_kopecks,
        ),
        goods.lines(number=number, mode=mode, vat=vat_code()),
        settled_by(cashless=goods.outside_kopecks, prepayment=goods.balance_kopecks),
        now,
    )


@use_case
def receipt_for_certificate(*, certificate_id: int, attempt_id: int, now: datetime) -> None:
    """Write the receipt of a certificate that was sold: an advance."""
    _write_advance("sold", "advance", certificate_id, attempt_id, None, now)


@use_case
def receipt_for_certificate_back(
    *, certificate_id: int, attempt_id: int, refund_id: int, now: datetime
) -> None:
    """Write the receipt of a certificate whose price goes back: the advance is given back."""
    _write_advance("refund", "advance_refund", certificate_id, attempt_id, refund_id, now)


def _write_advance(
    event: str,
    kind: str,
    certificate_id: int,
    attempt_id: int,
    refund_id: int | None,
    now: datetime,
) -> None:
    certificate = db.session.get_one(Certificate, certificate_id)
    anchor = anchor_of(attempt_id)
    write_down(
        f"cert:{certificate.serial}:{event}",
        About(
            kind,
            certificate_id=certificate_id,
            refund_id=refund_id,
            anchor=anchor,
            is_inside=anchor is not None and anchor.has_receipt,
        ),
        certificate_lines(certificate.serial, certificate.nominal_kopecks),
        settled_by(cashless=certificate.nominal_kopecks),
        now,
    )


@use_case
def receipt_for_balance_back(*, refund_id: int, amount_kopecks: int, now: datetime) -> None:
    """Write the receipt of a customer's balance that a person has paid out: what is left of advances is given back."""
    about = About("balance_refund", refund_id=refund_id)
    lines, settlements = balance_lines(amount_kopecks), settled_by(cashless=amount_kopecks)
    write_down(f"rf:{refund_id}:ok", about, lines, settlements, now)


@use_case
def receipt_for_balance_in(*, refund_id: int, now: datetime) -> None:
    """Write the receipt of money on its way back that its owner took onto the balance: given back it is, and an advance anew."""
    money = going_back(refund_id)
    about = About(
        "balance_in",
        order_id=money.order_id,
        certificate_id=money.certificate_id,
        refund_id=refund_id,
    )
    lines = balance_lines(money.kopecks, BALANCE_IN)
    # What nobody had waited for has the receipt of its going back under the entry's key.
    once_key = f"rf:{refund_id}:{'balance' if money.is_surplus else 'ok'}"
    write_down(once_key, about, lines, settled_by(cashless=money.kopecks), now)


@use_case
def receipts_for_surplus(
    *,
    order_id: int | None,
    certificate_id: int | None,
    attempt_id: int,
    amount_kopecks: int,
    refund_id: int,
    now: datetime,
) -> None:
    """Write both receipts of money that nobody waited for: that it came, and that it goes back.

    A payment that took its receipt along has registered just that one; of others it is an advance.
    """
    anchor = anchor_of(attempt_id)
    has_receipt = anchor is not None and anchor.has_receipt
    name = name_of(order_id=order_id, certificate_id=certificate_id)
    if order_id is None:
        lines = certificate_lines(name, amount_kopecks)
    elif has_receipt:
        lines = order_lines(order_id, name)
    else:
        lines = payment_lines(name, amount_kopecks)
    for once_key, kind, refund in (
        (f"att:{attempt_id}:surplus", "payment", None),
        (f"rf:{refund_id}:ok", "refund", refund_id),
    ):
        about = About(
            kind,
            order_id=order_id,
            certificate_id=certificate_id,
            refund_id=refund,
            anchor=anchor,
            is_inside=has_receipt,
        )
        write_down(once_key, about, lines, settled_by(cashless=amount_kopecks), now)
