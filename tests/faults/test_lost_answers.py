"""Answers that never come, come broken or come late, at each of the shop's three orders to the bank: open, take, return.

A part of the fault matrix, see street.py. Whatever is lost, there is one payment and one refund, nobody reads
«failed», and the audit finds nothing.
"""

from collections.abc import Callable

import pytest
from street import MIR, TOTAL, Stands, Street
from told import CALLED_OFF, NOT_OPENED, OPENING, PAID, TIME_IS_OVER, WAITING

# What the bank does, and how many payments or refunds it has made although nobody heard of it.
FAULTS = {
    "drop_before": 0,
    "drop_after_commit": 1,
    "500": 0,
    "500_after_commit": 1,
    "502html": 0,
    "202": 0,
    "429": 0,
    "hang": 0,
}
every_fault = pytest.mark.parametrize("fault", FAULTS)


@pytest.fixture
def happens(street: Street, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], None]:
    """Let the bank have a fault at its next such call. For one that hangs, five seconds of patience are one."""

    def happens(fault: str, match: str) -> None:
        if fault == "hang":
            monkeypatch.setattr("shop.gateways.payments.yookassa.client.TIMEOUT", (1.0, 1.0))
        street.fault(fault, match, seconds=1.2)

    return happens


@every_fault
def test_the_answer_to_opening_a_payment_is_lost(
    street: Street, happens: Callable[[str, str], None], fault: str
) -> None:
    street.orders()
    happens(fault, "create_payment")

    assert street.goes_to_pay() == street.address
    assert len(street.payments()) == FAULTS[fault]
    assert street.stands() == Stands("awaiting_payment", ("unknown",))
    assert street.says() == OPENING

    street.later(seconds=15)
    assert street.stands() == Stands("awaiting_payment", ("pending",))
    assert street.says() == WAITING

    street.pays()
    street.hears()
    assert len(street.payments()) == 1
    assert street.stands() == Stands("paid", ("succeeded",), TOTAL)
    assert street.says() == PAID


def test_the_bank_stays_away_until_the_time_is_over_and_nothing_is_charged(street: Street) -> None:
    street.orders()
    street.fault("500", "*", times=99)

    assert street.goes_to_pay() == street.address
    assert street.says() == OPENING
    street.later(minutes=31)  # It may have been paid in time, if only the bank could be asked.
    assert street.stands() == Stands("awaiting_payment", ("unknown",))
    street.later(minutes=30)
    assert street.stands() == Stands("expired", ("canceled",))
    assert street.says() == TIME_IS_OVER

    street.is_well_again()
    street.later(minutes=1)
    assert street.attempt(street.bought.attempt_id).settled_at is not None
    assert street.payments() == []


@every_fault
def test_the_answer_to_taking_held_money_is_lost(
    street: Street, happens: Callable[[str, str], None], fault: str
) -> None:
    street.orders()
    street.goes_to_pay()
    street.notices("lost")
    street.force("waiting_for_capture")
    happens(fault, "capture_payment")
    street.clock.shift(2)

    assert street.says() == WAITING
    assert street.stands() == Stands("awaiting_payment", ("pending",), TOTAL * FAULTS[fault])

    street.later(minutes=1)
    assert len(street.payments()) == 1
    assert street.stands() == Stands("paid", ("succeeded",), TOTAL)
    assert street.says() == PAID


@every_fault
def test_the_answer_to_sending_money_back_is_lost(
    street: Street, happens: Callable[[str, str], None], fault: str
) -> None:
    street.orders()
    street.pays()
    street.hears()
    happens(fault, "create_refund")

    street.calls_off()
    street.hears()
    back = TOTAL if FAULTS[fault] else 0
    assert street.stands() == Stands("canceled", ("succeeded",), TOTAL, back, ("unknown",))
    assert street.says() == CALLED_OFF

    street.later(minutes=2)
    assert len(street.dump()["refund"]) == 1
    assert street.stands() == Stands("canceled", ("succeeded",), TOTAL, TOTAL, ("succeeded",))
    assert street.letters().count("payment_returned") == 1


@every_fault
def test_the_answer_to_a_look_is_lost(
    street: Street, happens: Callable[[str, str], None], fault: str
) -> None:
    street.orders()
    street.notices("lost")
    street.pays(MIR)
    happens(fault, "get_payment")
    street.clock.shift(2)

    assert street.says() == WAITING
    assert street.stands() == Stands("awaiting_payment", ("pending",), TOTAL)

    street.later(seconds=15)
    assert street.stands() == Stands("paid", ("succeeded",), TOTAL)
    assert street.says() == PAID


def test_a_payment_that_the_bank_refuses_to_open_is_said_so_and_another_is_opened(
    street: Street,
) -> None:
    street.orders()
    street.starts(yookassa_vat_code=99)

    assert street.goes_to_pay() == street.address

    assert street.stands() == Stands("awaiting_payment", ("rejected",))
    assert street.says() == NOT_OPENED
    street.starts()
    street.pays()
    street.hears()
    assert street.stands() == Stands("paid", ("rejected", "succeeded"), TOTAL)
