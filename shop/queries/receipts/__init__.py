"""Fiscal receipts: what they are made from, how they stand, for their customer and for who prints them."""

from shop.queries.receipts.cabinet import (
    ReceiptRow,
    ReceiptView,
    receipt_of,
    receipts_of_certificate,
    receipts_of_order,
    receipts_of_payout,
)
from shop.queries.receipts.desk import VIEWS, ReceiptAtDesk, ReceiptsDesk, receipts_at_desk
from shop.queries.receipts.making import (
    Anchor,
    Handed,
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
from shop.queries.receipts.sending import Hangs, hangs_on, lines_with_refund, refs_taken

__all__ = [
    "VIEWS",
    "Anchor",
    "Handed",
    "Hangs",
    "ReceiptAtDesk",
    "ReceiptRow",
    "ReceiptView",
    "ReceiptsDesk",
    "anchor_of",
    "anchor_of_balance",
    "anchor_of_order",
    "balance_lines",
    "certificate_lines",
    "going_back",
    "handed_over",
    "hangs_on",
    "lines_with_refund",
    "name_of",
    "order_goods",
    "order_lines",
    "payment_lines",
    "receipt_of",
    "receipts_at_desk",
    "receipts_of_certificate",
    "receipts_of_order",
    "receipts_of_payout",
    "refs_taken",
    "vat_code",
]
