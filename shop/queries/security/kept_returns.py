"""What the shop keeps of a person about cancellations and returns, as queries/security/kept tells it."""

from shop.models.orders import OrderLine
from shop.models.payments import PaymentRefund, PayoutDetails
from shop.models.receipts import Receipt
from shop.models.returns import (
    Cancellation,
    ReturnCode,
    ReturnLine,
    ReturnMessage,
    ReturnPhoto,
    ReturnRequest,
)
from shop.queries.security.shelves import Shelf, plain

_SUMS = ("points", "promo_kopecks", "balance_kopecks", "outside_kopecks")

CANCELLATIONS = Shelf(
    "cancellations",
    Cancellation.order_id,
    plain(Cancellation, "pieces", "reason", *_SUMS, "canceled_at"),
    (Cancellation.id,),
)
_LINES = Shelf(
    "goods",
    ReturnLine.return_id,
    {"name": OrderLine.name} | plain(ReturnLine, "quantity", "accepted", "is_good"),
    (ReturnLine.id,),
    beside=((OrderLine, OrderLine.id == ReturnLine.order_line_id),),
)
_MESSAGES = Shelf(
    "messages",
    ReturnMessage.return_id,
    {"is_by_staff": ReturnMessage.staff_id.is_not(None)}
    | plain(ReturnMessage, "text", "written_at"),
    (ReturnMessage.id,),
)
_PHOTOS = Shelf("photos", ReturnPhoto.return_id, plain(ReturnPhoto, "added_at"), (ReturnPhoto.id,))
RETURNS = Shelf(
    "returns",
    ReturnRequest.order_id,
    plain(ReturnRequest, "number", "state", "reason", "words", *_SUMS, "delivery_kopecks")
    | plain(ReturnRequest, "demanded_at", "pay_by", "decided_at", "refusal", "track", "sent_at")
    | plain(ReturnRequest, "received_at", "inspected_at", "refunded_at", "ended_at"),
    (ReturnRequest.id,),
    key=ReturnRequest.id,
    parts=(_LINES, _MESSAGES, _PHOTOS),
)
CODES = Shelf(
    "return_codes",
    ReturnCode.order_id,
    plain(ReturnCode, "sent_at", "expires_at", "used_at", "wrong_tries"),
    (ReturnCode.id,),
)
# Where money that waits is to go: only that it was told, and how.
SENT_TO = Shelf(
    "sent_to",
    PayoutDetails.refund_id,
    plain(PayoutDetails, "way", "given_at"),
    (PayoutDetails.refund_id,),
)
_BACK = plain(PaymentRefund, "amount_kopecks", "reason", "state", "opened_at", "settled_at")
# What no gateway had taken; the other refunds stand with their payments.
PAID_BY_HAND = Shelf(
    "paid_back_by_hand",
    PaymentRefund.order_id,
    _BACK,
    (PaymentRefund.id,),
    key=PaymentRefund.id,
    parts=(SENT_TO,),
)
_ON_RECEIPTS = plain(Receipt, "kind", "state", "amount_kopecks", "lines", "settlements") | plain(
    Receipt,
    *("document_number", "storage_number", "fiscal_attribute", "registered_at", "created_at"),
)
BALANCE_PAID_OUT = Shelf(
    "balance_paid_out",
    PaymentRefund.account_id,
    _BACK,
    (PaymentRefund.id,),
    key=PaymentRefund.id,
    parts=(SENT_TO, Shelf("receipts", Receipt.refund_id, _ON_RECEIPTS, (Receipt.id,))),
)
RECEIPTS = Shelf("receipts", Receipt.order_id, _ON_RECEIPTS, (Receipt.id,))
CERTIFICATE_RECEIPTS = Shelf("receipts", Receipt.certificate_id, _ON_RECEIPTS, (Receipt.id,))
