"""Payments: how they stand, what they are for, and which somebody must look at."""

from shop.queries.payments.billing import Bill, Due, awaited_amount, bill_of, due_of
from shop.queries.payments.comparing import (
    OurPayment,
    gateways_in_use,
    our_payments,
    refs_that_differ,
    refunds_under_way,
)
from shop.queries.payments.methods import Switch, switched_by, switches_of, ways_to_pay
from shop.queries.payments.paying import (
    Paying,
    certificate_payment_of,
    open_payment_of,
    payment_of,
)
from shop.queries.payments.payouts import (
    Payout,
    payout_of,
    payouts_at_desk,
    payouts_of,
    payouts_of_order,
)
from shop.queries.payments.sending_back import sent_back
from shop.queries.payments.watching import (
    MoneyTrouble,
    money_troubles,
    overdue_certificates,
    overdue_orders,
    undecided_attempts,
    undecided_attempts_at,
)

__all__ = [
    "Bill",
    "Due",
    "MoneyTrouble",
    "OurPayment",
    "Paying",
    "Payout",
    "Switch",
    "awaited_amount",
    "bill_of",
    "certificate_payment_of",
    "due_of",
    "gateways_in_use",
    "money_troubles",
    "open_payment_of",
    "our_payments",
    "overdue_certificates",
    "overdue_orders",
    "payment_of",
    "payout_of",
    "payouts_at_desk",
    "payouts_of",
    "payouts_of_order",
    "refs_that_differ",
    "refunds_under_way",
    "sent_back",
    "switched_by",
    "switches_of",
    "undecided_attempts",
    "undecided_attempts_at",
    "ways_to_pay",
]
