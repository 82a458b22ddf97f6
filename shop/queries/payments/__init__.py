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
from shop.queries.payments.watching import (
    MoneyTrouble,
    money_troubles,
    overdue_certificates,
    overdue_orders,
    undecided_attempts,
)

__all__ = [
    "Bill",
    "Due",
    "MoneyTrouble",
    "OurPayment",
    "Paying",
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
    "refs_that_differ",
    "refunds_under_way",
    "switched_by",
    "switches_of",
    "undecided_attempts",
    "ways_to_pay",
]
