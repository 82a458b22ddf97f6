"""The cash desk: registers receipts, whether they came with a payment or on their own."""

import json
import uuid

from .clock import SECOND
from .money import amount_of

_REGISTRATION = 2 * SECOND


def register_receipt(
    bank, payment_id: str, refund_id: str | None, items: list, settlements: list
) -> dict:
    """Keep a receipt; the desk has it registered a moment later."""
    now = bank.clock.now()
    receipt_id = str(uuid.uuid4())
    bank.store.insert(
        "receipt",
        id=receipt_id,
        type="refund" if refund_id else "payment",
        payment_id=payment_id,
        refund_id=refund_id,
        items=json.dumps(items),
        settlements=json.dumps(settlements),
        created_at=now,
        registered_at=now + _REGISTRATION,
    )
    return bank.store.one("SELECT * FROM receipt WHERE id = ?", receipt_id)


def register_own_receipt(bank, payment_id: str, refund_id: str | None, operation: dict) -> None:
    """Keep the receipt that came inside a payment or a refund, if one did."""
    if not operation["receipt"]:
        return
    cashless = {"type": "cashless", "amount": amount_of(operation["amount_kopecks"])}
    items = json.loads(operation["receipt"])["items"]
    register_receipt(bank, payment_id, refund_id, items, [cashless])
