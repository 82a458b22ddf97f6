"""Paying: attempts at it, what the gateway says of them, money that goes back, and what time does to all this."""

from shop.services.payments.attempts import open_attempt, pay_again, start
from shop.services.payments.balances import NothingToPayOut, pay_out_balance
from shop.services.payments.by_hand import (
    BeingPaid,
    NotOwedByHand,
    OpenedByAnother,
    Whereto,
    ask_whereto,
    open_details,
    owe_by_hand,
    settle_by_hand,
    take_to_balance,
    tell_whereto,
)
from shop.services.payments.freezing import MoneyFrozen, must_not_be_frozen
from shop.services.payments.looking import catch_up, sync
from shop.services.payments.news import (
    NotANotice,
    Stranger,
    UnknownGateway,
    accept_notice,
    look_into,
    receive_notice,
)
from shop.services.payments.reconciling import reconcile
from shop.services.payments.refunds import owe_back, send_back
from shop.services.payments.sorting import ToldOtherwise, settle_mismatch, sort_out
from shop.services.payments.switching import NoSuchMethod, switch_method
from shop.services.payments.timers import call_off_unpaid, expire_unpaid, poll_pending
from shop.services.payments.who import must_be_payer, must_be_second

__all__ = [
    "BeingPaid",
    "MoneyFrozen",
    "NoSuchMethod",
    "NotANotice",
    "NotOwedByHand",
    "NothingToPayOut",
    "OpenedByAnother",
    "Stranger",
    "ToldOtherwise",
    "UnknownGateway",
    "Whereto",
    "accept_notice",
    "ask_whereto",
    "call_off_unpaid",
    "catch_up",
    "expire_unpaid",
    "look_into",
    "must_be_payer",
    "must_be_second",
    "must_not_be_frozen",
    "open_attempt",
    "open_details",
    "owe_back",
    "owe_by_hand",
    "pay_again",
    "pay_out_balance",
    "poll_pending",
    "receive_notice",
    "reconcile",
    "send_back",
    "settle_by_hand",
    "settle_mismatch",
    "sort_out",
    "start",
    "switch_method",
    "sync",
    "take_to_balance",
    "tell_whereto",
]
