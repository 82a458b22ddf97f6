"""Calling off and taking back: what was bought goes back, and its price goes back the way it came."""

from shop.services.payments.by_hand import NotOwedByHand
from shop.services.returns._steps import ReturnMovedOn
from shop.services.returns.asking import (
    TooLate,
    mark_in_transit,
    request_return,
    withdraw,
    write_to_shop,
)
from shop.services.returns.canceling import (
    NothingHasLeft,
    SplitChanged,
    cancel_by_shop,
    cancel_pieces,
    cancel_unpaid,
)
from shop.services.returns.deciding import (
    Looked,
    NothingSaid,
    answer_customer,
    approve,
    inspect,
    receive,
    reject,
)
from shop.services.returns.refunding import (
    close_settled,
    refund,
    settle_manually,
    take_to_balance_at_once,
)

__all__ = [
    "Looked",
    "NotOwedByHand",
    "NothingHasLeft",
    "NothingSaid",
    "ReturnMovedOn",
    "SplitChanged",
    "TooLate",
    "answer_customer",
    "approve",
    "cancel_by_shop",
    "cancel_pieces",
    "cancel_unpaid",
    "close_settled",
    "inspect",
    "mark_in_transit",
    "receive",
    "refund",
    "reject",
    "request_return",
    "settle_manually",
    "take_to_balance_at_once",
    "withdraw",
    "write_to_shop",
]
