"""Sber, PayPal, WebMoney and QIWI: taking agreed money, sending it back, and whoever agrees too late.

A part of the fault matrix, see street.py.
"""

import pytest
from payers import (
    PAYPAL,
    SBER,
    WEBMONEY,
    House,
    at_every_house,
    says_yes,
    to_the_page,
    where_it_can,
)
from street import MIR, TOTAL, Stands, Street
from told import CALLED_OFF, PAID, TIME_IS_OVER, WAITING

IS_PAID = Stands("paid", ("succeeded",), TOTAL)


@pytest.mark.parametrize("fault", ["drop_before", "drop_after_commit", "500", "500_after_commit"])
def test_the_answer_to_taking_agreed_money_is_lost_and_it_is_taken_once(
    street: Street, fault: str
) -> None:
    page = to_the_page(street, PAYPAL)
    street.notices("lost")
    says_yes(street, page)
    street.fault(fault, "capture_order")
    street.clock.shift(2)

    assert street.says() == WAITING
    street.later(seconds=15)

    assert street.says() == PAID
    assert street.stands() == IS_PAID


@where_it_can
@pytest.mark.parametrize("fault", ["drop_before", "drop_after_commit", "500"])
def test_the_answer_to_sending_back_is_lost_and_it_is_sent_once(
    street: Street, house: House, fault: str
) -> None:
    house.pays(street, to_the_page(street, house))
    street.later(seconds=15)
    street.fault(fault, house.refund)

    street.calls_off()
    street.hears()
    assert street.says() == CALLED_OFF
    # Who knows no keys is asked again only when the sums must tell of the first call.
    street.later(minutes=16)

    assert len(street.dump()["refund"]) == 1
    assert street.stands() == Stands("canceled", ("succeeded",), TOTAL, TOTAL, ("succeeded",))


@at_every_house
def test_a_refund_that_is_refused_waits_for_a_person(street: Street, house: House) -> None:
    house.pays(street, to_the_page(street, house))
    street.later(seconds=15)
    street.refund_ends("canceled", reason="insufficient_funds")

    street.calls_off()
    street.later(minutes=2)

    assert street.stands() == Stands("canceled", ("succeeded",), TOTAL, 0, ("manual_due",))
    assert street.says() == CALLED_OFF


def test_bonuses_go_back_with_the_money(street: Street) -> None:
    page = to_the_page(street, SBER)
    code = street.press(page, number=MIR, expiry="12/40", code="123")
    street.press(code, bonuses="500")
    street.hears()
    assert street.stands() == IS_PAID
    street.adds_up()

    street.calls_off()
    street.later(minutes=1)

    assert street.stands() == Stands("canceled", ("succeeded",), TOTAL, TOTAL, ("succeeded",))
    assert [row["bonus_kopecks"] for row in street.dump()["refund"]] == [500_00]


def test_webmoney_is_told_before_it_takes_money_that_nobody_waits_for_it(street: Street) -> None:
    page = to_the_page(street, WEBMONEY)
    street.later(minutes=31)

    with pytest.raises(AssertionError, match="Магазин больше не ждёт этой оплаты"):
        says_yes(street, page)

    assert street.stands() == Stands("expired", ("canceled",))
    assert street.says() == TIME_IS_OVER


def test_paypal_agreed_to_too_late_is_not_taken(street: Street) -> None:
    page = to_the_page(street, PAYPAL)
    street.later(minutes=31)

    says_yes(street, page)
    street.later(minutes=1)
    assert street.stands() == Stands("expired", ("canceled",))
    assert street.says() == TIME_IS_OVER

    street.later(hours=3)
    assert street.attempt(street.bought.attempt_id).settled_at is not None
