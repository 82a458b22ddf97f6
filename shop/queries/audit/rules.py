"""The audit itself: each rule asks its questions, and all that they find is put together."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from shop.queries.audit.books import (
    balances_below_their_floor,
    balances_of_other_sums,
    entries_that_do_not_add_up,
)
from shop.queries.audit.certificates import certificates_that_differ
from shop.queries.audit.findings import Finding
from shop.queries.audit.money import (
    holds_for_nothing,
    payments_not_in_the_books,
    refunds_that_do_not_fit,
)
from shop.queries.audit.numbers import card_numbers_in_files, card_numbers_kept
from shop.queries.audit.orders import (
    ended_orders_that_keep_money,
    orders_of_other_sums,
    payments_that_do_not_fit,
    steps_that_are_not_legal,
)
from shop.queries.audit.points import points_that_differ
from shop.queries.audit.receipts import receipts_of_other_sums
from shop.queries.audit.returns import returns_that_differ
from shop.queries.audit.waiting import (
    differences_with_gateways,
    money_owed_for_long,
    notices_and_payments_left_alone,
)

RULES: Mapping[int, Callable[[datetime], list[Finding]]] = {
    1: entries_that_do_not_add_up,
    2: balances_of_other_sums,
    3: balances_below_their_floor,
    4: points_that_differ,
    5: orders_of_other_sums,
    6: payments_that_do_not_fit,
    7: payments_not_in_the_books,
    8: refunds_that_do_not_fit,
    9: holds_for_nothing,
    10: ended_orders_that_keep_money,
    11: returns_that_differ,
    12: certificates_that_differ,
    13: receipts_of_other_sums,
    14: notices_and_payments_left_alone,
    15: differences_with_gateways,
    16: money_owed_for_long,
    17: card_numbers_kept,
    18: steps_that_are_not_legal,
}


def run_audit(*, now: datetime, log_files: Sequence[Path] = ()) -> list[Finding]:
    """Return all that isn't as it must be, rule by rule; nothing in a shop whose books are in order.

    What timers do within minutes is judged by `now`. Of one kind of finding the first ones are told
    (queries/audit/findings.MOST).
    """
    found = [finding for rule in RULES.values() for finding in rule(now)]
    return sorted(found + card_numbers_in_files(log_files), key=lambda one: one.rule)
