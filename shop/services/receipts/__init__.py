"""Fiscal receipts (54-ФЗ): written with the money's movement, made by a gateway's cash desk or printed by a person."""

from shop.services.receipts.by_hand import (
    MarksTaken,
    NotForPeople,
    WrongMoment,
    register_by_hand,
)
from shop.services.receipts.sending import NotToBeSent, send_again, send_receipt
from shop.services.receipts.writing import (
    receipt_for_balance_back,
    receipt_for_balance_in,
    receipt_for_certificate,
    receipt_for_certificate_back,
    receipt_for_goods_back,
    receipt_for_order,
    receipt_for_parcel,
    receipts_for_surplus,
)

__all__ = [
    "MarksTaken",
    "NotForPeople",
    "NotToBeSent",
    "WrongMoment",
    "receipt_for_balance_back",
    "receipt_for_balance_in",
    "receipt_for_certificate",
    "receipt_for_certificate_back",
    "receipt_for_goods_back",
    "receipt_for_order",
    "receipt_for_parcel",
    "receipts_for_surplus",
    "register_by_hand",
    "send_again",
    "send_receipt",
]
