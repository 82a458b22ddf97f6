"""Sber, PayPal, WebMoney and QIWI as those who pay meet them: one payer each, for tests of what may go wrong there."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from street import MIR, Street
from told import CALLED_IT_OFF, NO_MONEY_ON_CARD, NOT_CONFIRMED


@dataclass(frozen=True)
class House:
    """A gateway: how its payer says yes and no, what reads whoever said no, and its doors by which faults are ordered."""

    name: str
    method: str
    pays: Callable[[Street, str], str]
    page: Callable[[Street], str]
    refuses: Callable[[Street, str], str]
    refusal: str
    create: str
    look: str
    refund: str


def says_yes(street: Street, page: str) -> str:
    return street.press(page, answer="yes")


def says_no(street: Street, page: str) -> str:
    return street.press(page, answer="no")


SBER = House(
    "sber",
    "spasibo",
    lambda street, page: street.by_card(page, MIR),
    Street.goes_to_pay,
    lambda street, page: street.by_card(page, "2200000000000053"),
    NO_MONEY_ON_CARD,
    "register",
    "get_order_status",
    "auto_refund",
)
PAYPAL = House(
    "paypal",
    "paypal",
    says_yes,
    Street.goes_to_pay,
    says_no,
    NOT_CONFIRMED,  # It doesn't say why an order came to nothing.
    "create_order",
    "get_order",
    "refund_capture",
)
WEBMONEY = House(
    "webmoney",
    "webmoney",
    says_yes,
    Street.brings_form,
    says_no,
    CALLED_IT_OFF,
    "",  # It is asked nothing: the customer brings the form.
    "get_payment",
    "",  # It sends nothing back.
)
QIWI = House(
    "qiwi",
    "qiwi",
    says_yes,
    Street.goes_to_pay,
    says_no,
    CALLED_IT_OFF,
    "create_bill",
    "get_bill",
    "create_refund",
)
ALL = (SBER, PAYPAL, WEBMONEY, QIWI)
WITH_REFUNDS = (SBER, PAYPAL, QIWI)
at_every_house = pytest.mark.parametrize("house", ALL, ids=lambda house: house.name)
where_it_can = pytest.mark.parametrize("house", WITH_REFUNDS, ids=lambda house: house.name)


def to_the_page(street: Street, house: House) -> str:
    """Order, and go to the gateway's page."""
    street.orders(house.method, house.name)
    return house.page(street)
