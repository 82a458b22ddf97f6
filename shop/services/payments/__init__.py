"""Paying: attempts at it, what the gateway says of them, money that goes back, and what time does to all this."""

from shop.services.payments.attempts import open_attempt, pay_again, start
from shop.services.payments.looking import sync
from shop.services.payments.news import (
    NotANotice,
    Stranger,
    UnknownGateway,
    accept_notice,
    look_into,
    receive_notice,
)
from shop.services.payments.refunds import send_back
from shop.services.payments.timers import expire_unpaid, poll_pending

__all__ = [
    "NotANotice",
    "Stranger",
    "UnknownGateway",
    "accept_notice",
    "expire_unpaid",
    "look_into",
    "open_attempt",
    "pay_again",
    "poll_pending",
    "receive_notice",
    "send_back",
    "start",
    "sync",
]
