"""The life of a payment: opened, approved or refused, captured, canceled, expired."""

import json
import secrets
import uuid

from . import checks
from .cash_desk import register_own_receipt
from .clock import DAY, HOUR
from .objects import payment_object
from .problems import invalid, missing
from .receipt_checks import receipt_in

TIME_TO_CONFIRM = HOUR
TIME_TO_CAPTURE = 7 * DAY


def payment_of(bank, payment_id: str) -> dict:
    """Return a payment.

    :raises ApiProblem: when there is none.
    """
    payment = bank.store.one("SELECT * FROM payment WHERE id = ?", payment_id)
    if payment is None:
        raise missing("The payment", "payment_id")
    return payment


def refunded_of(bank, payment_id: str, *, with_pending: bool = False) -> int:
    """Return how many kopecks of a payment went back, or are on their way back too."""
    least = "pending" if with_pending else "succeeded"
    row = bank.store.one(
        "SELECT coalesce(sum(amount_kopecks), 0) AS total FROM refund"
        " WHERE payment_id = ? AND status IN ('succeeded', ?)",
        payment_id,
        least,
    )
    return row["total"]


def shown(bank, payment: dict) -> dict:
    """Return the payment as the API writes it."""
    return payment_object(payment, refunded_of(bank, payment["id"]), bank.settings.shop_id)


def open_payment(bank, body: dict, base_url: str) -> dict:
    """Open a payment the payer will confirm on the bank's page.

    :raises ApiProblem: when the request is wrong somewhere.
    """
    kopecks = checks.amount_in(body)
    method = checks.method_in(body)
    checks.check_limits(kopecks, method)
    receipt = receipt_in(body, kopecks)
    now = bank.clock.now()
    payment_id = str(uuid.uuid4())
    bank.store.insert(
        "payment",
        id=payment_id,
        status="pending",
        amount_kopecks=kopecks,
        method=method,
        is_fixed_method=method is not None,
        is_one_stage=checks.stages_in(body, method),
        description=checks.text_in(body, "description", checks.LONGEST_DESCRIPTION),
        return_url=checks.return_url_in(body),
        confirmation_url=f"{base_url}/checkout/{payment_id}",
        metadata=json.dumps(checks.metadata_in(body)),
        receipt=json.dumps(receipt) if receipt else None,
        merchant_customer_id=checks.text_in(body, "merchant_customer_id", checks.LONGEST_CUSTOMER),
        created_at=now,
        confirm_by=now + TIME_TO_CONFIRM,
        form_token=new_token(),
    )
    return payment_of(bank, payment_id)


def new_token() -> str:
    """Return what a form must bring back."""
    return secrets.token_urlsafe(16)


def approve(bank, payment_id: str) -> dict:
    """Take or hold the payer's money. A payment that isn't pending stays as it is."""
    with bank.store.transaction():
        payment = payment_of(bank, payment_id)
        if payment["status"] != "pending":
            return payment
        if payment["is_one_stage"]:
            return _succeed(bank, payment, payment["amount_kopecks"])
        return _change(
            bank,
            payment,
            status="waiting_for_capture",
            expires_at=bank.clock.now() + TIME_TO_CAPTURE,
        )


def refuse(bank, payment_id: str, party: str, reason: str) -> dict:
    """Cancel a payment nobody has confirmed. One that isn't pending stays as it is."""
    with bank.store.transaction():
        payment = payment_of(bank, payment_id)
        if payment["status"] != "pending":
            return payment
        return _cancel(bank, payment, party, reason)


def capture(bank, payment_id: str, body: dict) -> dict:
    """Take the held money or a part of it; the rest is let go.

    :raises ApiProblem: when nothing is held, or less than asked.
    """
    with bank.store.transaction():
        payment = payment_of(bank, payment_id)
        kopecks = checks.amount_in(body) if "amount" in body else payment["amount_kopecks"]
        _check_held(payment, "captured")
        if kopecks > payment["amount_kopecks"]:
            raise invalid("amount.value", "More than is held can't be taken.")
        receipt = receipt_in(body, kopecks)
        if receipt:
            payment["receipt"] = json.dumps(receipt)
        elif kopecks < payment["amount_kopecks"] and payment["receipt"]:
            raise invalid("receipt", "A part is taken with a receipt of that part.")
        return _succeed(bank, payment, kopecks)


def cancel(bank, payment_id: str) -> dict:
    """Let the held money go.

    :raises ApiProblem: when nothing is held.
    """
    with bank.store.transaction():
        payment = payment_of(bank, payment_id)
        _check_held(payment, "canceled")
        return _cancel(bank, payment, "merchant", "canceled_by_merchant")


def force(bank, payment_id: str, status: str, party: str, reason: str) -> dict:
    """Put a payment into a state whatever it was in, as no honest bank would.

    :raises ApiProblem: when there is no such payment or state.
    """
    with bank.store.transaction():
        payment = payment_of(bank, payment_id)
        payment["method"] = payment["method"] or "bank_card"
        if status == "succeeded":
            return _succeed(bank, payment, payment["amount_kopecks"])
        if status == "canceled":
            return _cancel(bank, payment, party, reason)
        if status == "waiting_for_capture":
            expires_at = bank.clock.now() + TIME_TO_CAPTURE
            return _change(bank, payment, status=status, expires_at=expires_at)
        raise invalid("status", "succeeded, canceled or waiting_for_capture, please.")


def expire_payments(bank) -> None:
    """Cancel what nobody confirmed or captured in time."""
    now = bank.clock.now()
    with bank.store.transaction():
        for payment in bank.store.all(
            "SELECT * FROM payment WHERE status = 'pending' AND confirm_by <= ?", now
        ):
            _cancel(bank, payment, "yoo_money", "expired_on_confirmation")
        for payment in bank.store.all(
            "SELECT * FROM payment WHERE status = 'waiting_for_capture' AND expires_at <= ?", now
        ):
            _cancel(bank, payment, "yoo_money", "expired_on_capture")


def _check_held(payment: dict, deed: str) -> None:
    if payment["status"] != "waiting_for_capture":
        words = f"A payment that is {payment['status']} can't be {deed}."
        raise invalid("payment_id", words)


def _succeed(bank, payment: dict, kopecks: int) -> dict:
    payment = _change(
        bank,
        payment,
        status="succeeded",
        amount_kopecks=kopecks,
        captured_at=bank.clock.now(),
        receipt=payment["receipt"],
    )
    register_own_receipt(bank, payment["id"], None, payment)
    return payment


def _cancel(bank, payment: dict, party: str, reason: str) -> dict:
    return _change(bank, payment, status="canceled", cancel_party=party, cancel_reason=reason)


def _change(bank, payment: dict, **columns) -> dict:
    """Write the new state and tell the shop of it."""
    bank.store.update("payment", payment["id"], method=payment["method"], **columns)
    changed = payment_of(bank, payment["id"])
    bank.courier.tell(f"payment.{changed['status']}", shown(bank, changed))
    return changed
