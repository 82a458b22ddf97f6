"""What the cash desk demands of a receipt."""

from decimal import Decimal, InvalidOperation

from .money import kopecks_of
from .problems import invalid

LONGEST_NAME = 128
MOST_ITEMS = 80
VAT_CODES = range(1, 13)
SETTLEMENTS = ("cashless", "prepayment", "postpayment", "consideration")
MODES = (
    "full_prepayment",
    "partial_prepayment",
    "advance",
    "full_payment",
    "partial_payment",
    "credit",
    "credit_payment",
)


def receipt_in(body: dict, amount_kopecks: int) -> dict | None:
    """Return the receipt of a payment or refund, if the shop sent one.

    :raises ApiProblem: when it is incomplete or its lines aren't the amount.
    """
    receipt = body.get("receipt")
    if receipt is None:
        return None
    if not isinstance(receipt, dict):
        raise invalid("receipt", "A receipt is an object.")
    _check_contact(receipt.get("customer") or receipt, "receipt.customer")
    if items_total(receipt, "receipt.items") != amount_kopecks:
        raise invalid("receipt.items", "The lines of the receipt don't add up to the amount.")
    return receipt


def separate_receipt_in(body: dict) -> dict:
    """Return a receipt sent on its own.

    :raises ApiProblem: when it is incomplete or its lines aren't what was settled.
    """
    _check_contact(body.get("customer"), "customer")
    total = items_total(body, "items")
    if total != _settled(body):
        raise invalid("settlements", "The lines of the receipt don't add up to the settlements.")
    return body


def items_total(receipt: dict, where: str) -> int:
    """Return what the lines cost together, in kopecks.

    :raises ApiProblem: when a line is written wrong.
    """
    items = receipt.get("items")
    if not isinstance(items, list) or not 1 <= len(items) <= MOST_ITEMS:
        raise invalid(where, f"From 1 to {MOST_ITEMS} lines, please.")
    return sum(_line_total(item, f"{where}[{place}]") for place, item in enumerate(items))


def _line_total(item: object, where: str) -> int:
    if not isinstance(item, dict):
        raise invalid(where, "A line is an object.")
    name = item.get("description")
    if not isinstance(name, str) or not 1 <= len(name) <= LONGEST_NAME:
        raise invalid(f"{where}.description", f"From 1 to {LONGEST_NAME} characters, please.")
    if item.get("vat_code") not in VAT_CODES:
        raise invalid(f"{where}.vat_code", "A number from 1 to 12, please.")
    if item.get("payment_mode", "full_payment") not in MODES:
        raise invalid(f"{where}.payment_mode", "No such way to settle.")
    amount = item.get("amount")
    price = kopecks_of(amount.get("value") if isinstance(amount, dict) else None)
    if price is None:
        raise invalid(f"{where}.amount.value", 'The price is a text like "100.00".')
    total = price * _quantity(item, where)
    if total != total.to_integral_value():
        raise invalid(f"{where}.quantity", "Price by quantity isn't a whole number of kopecks.")
    return int(total)


def _quantity(item: dict, where: str) -> Decimal:
    try:
        quantity = Decimal(str(item.get("quantity")))
    except InvalidOperation:
        quantity = Decimal(0)
    if not (quantity.is_finite() and 0 < quantity < 100_000):
        raise invalid(f"{where}.quantity", "A number above zero, please.")
    return quantity


def _settled(body: dict) -> int:
    settlements = body.get("settlements")
    if not isinstance(settlements, list) or not settlements:
        raise invalid("settlements", "Say how the money was settled.")
    total = 0
    for place, settlement in enumerate(settlements):
        if not isinstance(settlement, dict) or settlement.get("type") not in SETTLEMENTS:
            raise invalid(f"settlements[{place}].type", "No such settlement.")
        kopecks = kopecks_of((settlement.get("amount") or {}).get("value"))
        if not kopecks:
            raise invalid(f"settlements[{place}].amount.value", 'A text like "100.00", please.')
        total += kopecks
    return total


def _check_contact(customer: object, where: str) -> None:
    if not isinstance(customer, dict) or not (customer.get("email") or customer.get("phone")):
        raise invalid(where, "Say the customer's e-mail or phone: the receipt goes there.")
