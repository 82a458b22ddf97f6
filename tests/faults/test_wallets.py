"""Sber, PayPal, WebMoney and QIWI: lost answers to opening and looking, lost notices, lies, refusals.

A part of the fault matrix, see street.py.
"""

import pytest
from browser import Browser
from payers import PAYPAL, SBER, WEBMONEY, House, at_every_house, to_the_page, where_it_can
from street import TOTAL, Stands, Street
from told import NOT_PAID, OPENING, PAID, WAITING

IS_PAID = Stands("paid", ("succeeded",), TOTAL)


@at_every_house
@pytest.mark.parametrize("travels", ["normal", "lost", "duplicate", "delay", "truncated"])
def test_it_is_paid_once_however_the_notice_travels(
    street: Street, house: House, travels: str
) -> None:
    page = to_the_page(street, house)
    street.notices(travels, copies=5, seconds=60)

    house.pays(street, page)
    street.hears()
    street.clock.shift(2)

    assert street.says() == PAID
    street.later(minutes=2)
    assert street.stands() == IS_PAID
    assert street.letters() == ["order_accepted", "order_paid"]


@where_it_can
@pytest.mark.parametrize("fault", ["drop_before", "drop_after_commit", "500", "502html"])
def test_the_answer_to_opening_is_lost_and_one_payment_is_opened(
    street: Street, house: House, fault: str
) -> None:
    street.orders(house.method, house.name)
    street.fault(fault, house.create)

    assert street.goes_to_pay() == street.address
    assert street.says() == OPENING
    street.later(seconds=15)
    house.pays(street, house.page(street))
    street.clock.shift(2)

    assert street.says() == PAID
    assert street.stands() == IS_PAID
    assert len(street.payments()) == 1


@at_every_house
@pytest.mark.parametrize("fault", ["drop_before", "500", "502html"])
def test_while_it_cannot_be_asked_nobody_reads_failed(
    street: Street, house: House, fault: str
) -> None:
    page = to_the_page(street, house)
    street.notices("lost")
    back = house.pays(street, page)
    street.fault(fault, house.look)
    street.clock.shift(2)

    assert street.says(back) == WAITING
    street.later(seconds=15)

    assert street.says() == PAID
    assert street.stands() == IS_PAID


@at_every_house
def test_a_signed_lie_about_a_success_is_not_believed(street: Street, house: House) -> None:
    to_the_page(street, house)

    assert street.forged("payment.succeeded") == 200
    street.hears()

    assert street.stands() == Stands("awaiting_payment", ("pending",))


@at_every_house
def test_a_notice_whose_signature_is_wrong_is_refused_and_nobody_is_asked(
    street: Street, house: House
) -> None:
    page = to_the_page(street, house)
    looked_at = street.attempt(street.bought.attempt_id).looked_at
    street.notices("lost")
    house.pays(street, page)
    told = street.dump()["notice"][-1]["body"]
    if house in (
        SBER,
        WEBMONEY,
    ):  # Theirs stands in the body, the others' in a header that is missing here.
        told = told[:-1] + ("0" if told[-1] != "0" else "1")
    kind = "application/json" if told.startswith("{") else "application/x-www-form-urlencoded"

    answer = Browser(street.app).client.post(
        f"/payments/notices/{house.name}", data=told, content_type=kind
    )
    street.hears()

    assert answer.status_code == 400
    assert street.attempt(street.bought.attempt_id).looked_at == looked_at
    assert street.stands().order == "awaiting_payment"
    street.later(minutes=1)
    assert street.stands() == IS_PAID


@at_every_house
def test_a_refusal_is_told_and_another_try_pays(street: Street, house: House) -> None:
    page = to_the_page(street, house)

    house.refuses(street, page)
    street.hears()
    street.clock.shift(2)
    assert street.says() == house.refusal
    assert street.stands() == Stands("awaiting_payment", ("canceled",))

    house.pays(street, house.page(street))
    street.clock.shift(2)
    assert street.says() == PAID
    assert street.stands() == Stands("paid", ("canceled", "succeeded"), TOTAL)


def test_a_wallet_that_agreed_and_has_no_money_is_told_so(street: Street) -> None:
    page = to_the_page(street, PAYPAL)

    street.press(page, answer="short")
    street.hears()
    street.clock.shift(2)

    assert street.says() == (
        f"{NOT_PAID} Банк отказал и не сказал почему. Попробуйте ещё раз или заплатите другим способом."
    )
