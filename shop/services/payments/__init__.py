"""Paying: attempts at it, what the gateway says of them, money that goes back, and what time does to all this."""

from shop.services.payments.attempts import open_attempt, pay_again, start
from shop.services.payments.by_hand import owe_by_hand, settle_by_hand
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
from shop.services.payments.switching import NoSuchMethod, switch_method
from shop.services.payments.timers import call_off_unpaid, expire_unpaid, poll_pending

__all__ = [
    "NoSuchMethod",
    "NotANotice",
    "Stranger",
    "UnknownGateway",
    "accept_notice",
    "call_off_unpaid",
    "catch_up",
    "expire_unpaid",
    "look_into",
    "open_attempt",
    "owe_back",
    "owe_by_hand",
    "pay_again",
    "poll_pending",
    "receive_notice",
    "reconcile",
    "send_back",
    "settle_by_hand",
    "start",
    "switch_method",
    "sync",
]
