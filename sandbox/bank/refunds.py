"""Money on its way back to the payer. It may be refused after it was accepted."""

import json
import uuid

from . import checks
from .cash_desk import register_own_receipt
from .clock import SECOND
from .objects import refund_object
from .payments import refunded_of
from .problems import invalid, missing
from .receipt_checks import receipt_in


def refund_of(bank, refund_id: str) -> dict:
    """Return a refund.

    :raises ApiProblem: when there is none.
    """
    refund = bank.store.one("SELECT * FROM refund WHERE id = ?", refund_id)
    if refund is None:
        raise missing("The refund", "refund_id")
    return refund


def open_refund(bank, body: dict) -> dict:
    """Send money of a payment back.

    :raises ApiProblem: when the payment hasn't that much left.
    """
    with bank.store.transaction():
        payment = _payment_in(bank, body)
        kopecks = checks.amount_in(body)
        left = payment["amount_kopecks"] - refunded_of(bank, payment["id"], with_pending=True)
        if kopecks > left:
            raise invalid("amount.value", "The payment hasn't that much left to return.")
        receipt = receipt_in(body, kopecks)
        refund_id = str(uuid.uuid4())
        bank.store.insert(
            "refund",
            id=refund_id,
            payment_id=payment["id"],
            status="pending",
            amount_kopecks=kopecks,
            description=checks.text_in(body, "description", checks.LONGEST_REFUND_DESCRIPTION),
            receipt=json.dumps(receipt) if receipt else None,
            metadata=json.dumps(checks.metadata_in(body)),
            created_at=bank.clock.now(),
        )
        return _follow(bank, refund_of(bank, refund_id), bank.refund_orders.take())


def settle_refunds(bank) -> None:
    """End the refunds whose time has come."""
    with bank.store.transaction():
        for refund in bank.store.all(
            "SELECT * FROM refund WHERE status = 'pending' AND settles_at <= ?", bank.clock.now()
        ):
            _settle(bank, refund, refund["settles_as"], refund["cancel_reason"])


def _payment_in(bank, body: dict) -> dict:
    payment_id = body.get("payment_id")
    if not isinstance(payment_id, str) or len(payment_id) != 36:
        raise invalid("payment_id", "Exactly 36 characters, please.")
    payment = bank.store.one("SELECT * FROM payment WHERE id = ?", payment_id)
    if payment is None:
        raise invalid("payment_id", "The payment doesn't exist, or isn't yours.")
    if payment["status"] != "succeeded":
        raise invalid("payment_id", f"A payment that is {payment['status']} can't be refunded.")
    return payment


def _follow(bank, refund: dict, order: dict) -> dict:
    """End the refund as ordered, now or later."""
    reason = str(order.get("reason", "insufficient_funds"))
    if order["status"] != "pending":
        return _settle(bank, refund, order["status"], reason)
    bank.store.update(
        "refund",
        refund["id"],
        settles_at=bank.clock.now() + int(float(order.get("seconds", 60)) * SECOND),
        settles_as="canceled" if order.get("then") == "canceled" else "succeeded",
        cancel_reason=reason,
    )
    return refund_of(bank, refund["id"])


def _settle(bank, refund: dict, status: str, reason: str) -> dict:
    """Write the end of a refund; only the good one is told to the shop."""
    bank.store.update("refund", refund["id"], status=status, cancel_reason=reason)
    settled = refund_of(bank, refund["id"])
    if status == "succeeded":
        register_own_receipt(bank, settled["payment_id"], settled["id"], settled)
        bank.courier.tell("refund.succeeded", refund_object(settled))
    return settled
