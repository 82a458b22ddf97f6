"""Receipts the shop sends on their own, when goods are handed over or came back."""

from .cash_desk import register_receipt
from .payments import payment_of
from .problems import invalid, missing
from .receipt_checks import separate_receipt_in
from .refunds import refund_of

MOST_PER_PAYMENT = 50


def receipt_of(bank, receipt_id: str) -> dict:
    """Return a receipt.

    :raises ApiProblem: when there is none.
    """
    receipt = bank.store.one("SELECT * FROM receipt WHERE id = ?", receipt_id)
    if receipt is None:
        raise missing("The receipt", "receipt_id")
    return receipt


def open_receipt(bank, body: dict) -> dict:
    """Have a receipt registered and sent to the customer.

    :raises ApiProblem: when it is incomplete, or is for nothing that was paid.
    """
    if body.get("send") is not True:
        raise invalid("send", "A receipt is always sent: send=true.")
    receipt = separate_receipt_in(body)
    with bank.store.transaction():
        payment_id, refund_id = _about(bank, body)
        count = bank.store.one(
            "SELECT count(*) AS total FROM receipt WHERE payment_id = ?", payment_id
        )
        if count["total"] >= MOST_PER_PAYMENT:
            raise invalid("payment_id", f"A payment has at most {MOST_PER_PAYMENT} receipts.")
        return register_receipt(
            bank, payment_id, refund_id, receipt["items"], receipt["settlements"]
        )


def _about(bank, body: dict) -> tuple[str, str | None]:
    """Return the payment, and the refund if the receipt is of one."""
    if body.get("type") == "refund":
        refund = refund_of(bank, str(body.get("refund_id")))
        return refund["payment_id"], refund["id"]
    if body.get("type") != "payment":
        raise invalid("type", "payment or refund, please.")
    payment = payment_of(bank, str(body.get("payment_id")))
    if payment["status"] not in ("succeeded", "waiting_for_capture"):
        raise invalid("payment_id", "Nothing was paid yet.")
    return payment["id"], None
