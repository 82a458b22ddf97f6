"""Notices that come twice, late, in the wrong order, never, cut short or untrue; and everybody coming at once.

A part of the fault matrix, see street.py. On both databases: here the same news meets itself.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from threading import Thread

import pytest
from browser import Browser
from street import MIR, TOTAL, Stands, Street
from told import NOT_CONFIRMED, PAID, WAITING

from shop.services.payments import poll_pending

ON_BOTH = True
UNPAID = Stands("awaiting_payment", ("pending",))
IS_PAID = Stands("paid", ("succeeded",), TOTAL)


@dataclass(frozen=True)
class Travels:
    """How the notice of a success travels, and how all stands when it has, before anybody looks."""

    mode: str
    then: Stands
    more: tuple[tuple[str, object], ...] = ()


UNHEARD = Stands("awaiting_payment", ("pending",), TOTAL)
JOURNEYS = (
    Travels("normal", IS_PAID),
    Travels("duplicate", IS_PAID, (("copies", 20),)),
    Travels("lost", UNHEARD),
    Travels("delay", UNHEARD, (("seconds", 600),)),
    Travels("truncated", UNHEARD),
    # It lies that the payment was canceled, or that a rouble came: a notice only says where to look.
    Travels("forged_status", IS_PAID, (("status", "canceled"),)),
    Travels("forged_amount", IS_PAID, (("value", "1.00"),)),
)


@pytest.mark.parametrize("journey", JOURNEYS, ids=lambda journey: journey.mode)
def test_whatever_befalls_the_notice_the_order_is_paid_once(
    street: Street, journey: Travels
) -> None:
    street.orders()
    street.notices(journey.mode, **dict(journey.more))
    street.pays(MIR)

    street.hears()
    assert street.stands() == journey.then
    # The customer comes back before or after it, and reads the same.
    street.clock.shift(2)
    assert street.says() == PAID

    street.later(minutes=11)
    assert street.stands() == IS_PAID
    assert street.letters() == ["order_accepted", "order_paid"]


def test_a_customer_who_never_comes_back_is_found_by_the_worker(street: Street) -> None:
    street.orders()
    street.notices("lost")
    street.pays()

    street.later(seconds=15)

    assert street.stands() == IS_PAID


def test_notices_in_the_wrong_order_change_nothing_back(street: Street) -> None:
    street.orders()
    street.goes_to_pay()
    street.notices("reorder")
    street.force("waiting_for_capture")  # Held up by the courier…
    street.clock.shift(2)
    assert street.says() == PAID  # … while the page looks, takes the money and is told of that.

    street.later(seconds=1)

    assert [one["event"] for one in street.dump()["notice"] if one["state"] == "delivered"] == [
        "payment.waiting_for_capture",
        "payment.succeeded",
    ]
    assert street.stands() == IS_PAID
    assert street.letters() == ["order_accepted", "order_paid"]


def test_the_refusal_of_the_first_payment_comes_after_the_success_of_the_second(
    street: Street,
) -> None:
    street.orders()
    street.notices("delay", seconds=60, times=1)
    street.pays("2200000000000053")
    street.clock.shift(2)
    street.says()
    street.pays()
    street.hears()

    street.later(minutes=2)

    assert street.stands() == Stands("paid", ("canceled", "succeeded"), TOTAL)
    assert street.says() == PAID


LIES = {
    "payment.succeeded": {"status": "succeeded", "paid": True},
    "payment.canceled": {"status": "canceled"},
    "payment.waiting_for_capture": {"amount": {"value": "1.00", "currency": "RUB"}},
}


@pytest.mark.parametrize("event", LIES)
def test_a_lie_about_a_payment_is_answered_and_not_believed(street: Street, event: str) -> None:
    street.orders()
    street.goes_to_pay()

    assert street.forged(event, **LIES[event]) == 200
    street.hears()

    assert street.stands() == UNPAID
    assert street.says() == WAITING


def test_a_stranger_is_turned_away_and_nobody_is_asked(street: Street) -> None:
    street.orders()
    street.goes_to_pay()
    looked_at = street.attempt(street.bought.attempt_id).looked_at
    street.clock.shift(5)
    body = f'{{"event": "payment.succeeded", "object": {{"id": "{street.payments()[0]["id"]}"}}}}'

    answer = Browser(street.app).client.post(
        "/payments/notices/yookassa", data=body, environ_base={"REMOTE_ADDR": "203.0.113.7"}
    )
    street.hears()

    assert answer.status_code == 403
    assert street.stands() == UNPAID
    assert street.attempt(street.bought.attempt_id).looked_at == looked_at


def test_twenty_tabs_twenty_notices_and_the_worker_at_once_pay_once(street: Street) -> None:
    street.orders()
    page = street.goes_to_pay()
    tabs = [Browser(street.app).become(street.bought.account) for _ in range(20)]
    street.clock.shift(20)
    street.notices("duplicate", copies=20)

    def reads(tab: Browser) -> int:
        return tab.get(street.address).status_code

    def in_the_app(deed: Callable[[], object]) -> None:
        with street.app.app_context():
            deed()

    crowd = [Thread(target=street.by_card, args=(page, MIR))]
    crowd += [Thread(target=partial(reads, tab)) for tab in tabs]
    crowd += [
        Thread(target=partial(in_the_app, deed))
        for deed in [partial(poll_pending, now=street.now), partial(street.work, street.now)] * 5
    ]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    street.later(minutes=2)

    assert street.stands() == IS_PAID
    assert street.letters() == ["order_accepted", "order_paid"]
    assert street.refunds() == []
    assert street.says() == PAID


def test_a_lost_notice_of_a_refusal_is_made_up_for_by_the_page(street: Street) -> None:
    street.orders()
    street.notices("lost")
    street.press(street.goes_to_pay(), "/cancellation")
    street.clock.shift(2)

    assert street.says() == NOT_CONFIRMED
