"""Buying a certificate: it is written down and its payment opened in one go."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from shop.db import use_case
from shop.rules.payments import Method
from shop.services.certificates import Gift, order_certificate
from shop.services.payments.attempts import open_attempt


class MethodNotPossible(Exception):
    """The way to pay isn't offered for certificates."""


@dataclass(frozen=True, slots=True)
class Bought:
    """A certificate that waits for its money, and the payment that may bring it."""

    serial: str
    attempt_id: int


@use_case
def buy_certificate(
    *,
    buyer_id: int,
    once_key: str,
    nominal_kopecks: int,
    gift: Gift,
    method: Method,
    payment_minutes: int,
    now: datetime,
) -> Bought:
    """Order a certificate and open its payment by an outside method. The same form under the same `once_key` buys once.

    :raises NotANominal: when the sum isn't whole roubles within the limits.
    :raises MethodNotPossible: when the method goes through no gateway or doesn't take such a sum.
    """
    takes_it = method.least_kopecks <= nominal_kopecks <= method.most_kopecks
    if not method.gateway or not takes_it:
        raise MethodNotPossible
    ordered = order_certificate(
        buyer_id=buyer_id,
        once_key=once_key,
        nominal_kopecks=nominal_kopecks,
        gift=gift,
        pay_until=now + timedelta(minutes=payment_minutes),
        now=now,
    )
    attempt_id = open_attempt(
        certificate_id=ordered.certificate_id,
        amount_kopecks=nominal_kopecks,
        method=method.code,
        now=now,
    )
    return Bought(ordered.serial, attempt_id)
