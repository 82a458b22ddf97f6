"""Money nobody waits for, and money on its way back: it returns by itself, once, or a person pays it.

A part of the fault matrix, see street.py. On both databases: here several want the same sum.

The shop takes what it has asked for in one stage, all of it: what isn't sent after all goes back as a refund. So the
bank's partial capture, the cancel of a hold and the end of a hold after seven days are never used.
"""

from functools import partial

import pytest
from browser import Browser
from street import MIR, TOTAL, Stands, Street
from told import (
    BY_HAND,
    CALLED_OFF,
    NOT_PAID,
    PAID,
    SENT_BACK,
    SURPLUS,
    TIME_IS_OVER,
)

from shop.db import db
from shop.queries.ledger import balance_of
from shop.queries.payments import money_troubles
from shop.queries.returns import choice_of
from shop.rules.ledger import BANK
from shop.services.payments import settle_by_hand
from shop.services.returns import SplitChanged, cancel_pieces

ON_BOTH = True
NO_MONEY = "2200000000000053"


def test_two_tabs_that_go_to_pay_come_to_one_payment(street: Street) -> None:
    street.orders()
    tabs = [Browser(street.app).become(street.bought.account) for _ in range(6)]

    places = street.at_once(
        [partial(lambda tab: tab.post(street.address).location, tab) for tab in tabs]
    )

    assert len(street.payments()) == 1
    page = street.payments()[0]["confirmation_url"]
    # Whoever comes while the first is asking the bank is shown the page that says so.
    assert set(places) <= {page, street.address} and page in places
    street.at_once([partial(street.by_card, page, MIR)] * 3)
    street.hears()
    assert street.stands() == Stands("paid", ("succeeded",), TOTAL)


def chooses_another_way(street: Street) -> tuple[str, str]:
    """Go to the bank's page for a card, then to that of SBP; return both."""
    street.orders()
    card = street.goes_to_pay()
    return card, street.goes_to_pay(method="sbp")


def test_the_old_page_is_paid_after_the_new_one_and_its_money_comes_back(street: Street) -> None:
    card, sbp = chooses_another_way(street)
    street.press(sbp, answer="yes")
    street.hears()
    assert street.stands() == Stands("paid", ("canceled", "succeeded"), TOTAL)

    street.by_card(card, MIR)
    street.later(minutes=1)

    assert street.stands() == Stands(
        "paid", ("succeeded", "succeeded"), 2 * TOTAL, TOTAL, ("succeeded",)
    )
    assert street.says() == PAID
    assert street.letters() == ["order_accepted", "order_paid", "payment_returned"]


@pytest.mark.parametrize("travels", ["normal", "lost"])
def test_both_pages_are_paid_at_once_and_one_sum_comes_back(street: Street, travels: str) -> None:
    card, sbp = chooses_another_way(street)
    street.notices(travels)

    street.at_once([partial(street.by_card, card, MIR), partial(street.press, sbp, answer="yes")])
    street.clock.shift(2)
    assert street.says() == PAID
    street.later(minutes=2)

    assert street.stands() == Stands(
        "paid", ("succeeded", "succeeded"), 2 * TOTAL, TOTAL, ("succeeded",)
    )


def test_the_old_page_is_paid_after_the_new_one_was_refused_and_nobody_reads_failed(
    street: Street,
) -> None:
    card, sbp = chooses_another_way(street)
    street.press(sbp, answer="no")
    street.hears()
    assert street.says().startswith(NOT_PAID)
    street.notices("lost")

    street.by_card(card, MIR)
    street.clock.shift(2)

    assert street.says() == PAID
    assert street.stands() == Stands("paid", ("succeeded", "canceled"), TOTAL)


def test_whoever_has_paid_the_old_page_isnt_led_to_a_third_one(street: Street) -> None:
    card, sbp = chooses_another_way(street)
    street.press(sbp, answer="no")
    street.hears()
    street.notices("lost")
    street.by_card(card, MIR)

    assert street.goes_to_pay() == street.address

    assert street.stands() == Stands("paid", ("succeeded", "canceled"), TOTAL)
    assert len(street.payments()) == 2


def test_the_old_page_is_paid_in_time_and_the_order_isnt_dropped(street: Street) -> None:
    card, _ = chooses_another_way(street)
    street.notices("lost")
    street.by_card(card, MIR)

    street.clock.shift(31 * 60)
    street.later(seconds=0)

    assert street.stands().order == "paid"


@pytest.mark.parametrize("travels", ["normal", "lost"])
def test_a_success_after_the_order_was_dropped_comes_back_by_itself(
    street: Street, travels: str
) -> None:
    street.orders()
    page = street.goes_to_pay()
    street.later(minutes=31)
    assert street.says() == TIME_IS_OVER
    street.notices(travels)

    street.by_card(page, MIR)
    street.clock.shift(2)
    assert street.says() == SURPLUS
    street.later(minutes=1)

    assert street.stands() == Stands("expired", ("succeeded",), TOTAL, TOTAL, ("succeeded",))
    assert street.says() == SENT_BACK
    assert street.stock(street.bought) == 10
    assert street.letters() == ["order_accepted", "payment_returned"]


def test_a_success_of_an_order_that_was_called_off_unpaid_comes_back_by_itself(
    street: Street,
) -> None:
    street.orders()
    page = street.goes_to_pay()
    street.calls_off()

    street.by_card(page, MIR)
    street.later(minutes=1)

    assert street.stands() == Stands("canceled", ("succeeded",), TOTAL, TOTAL, ("succeeded",))
    assert street.says() == SENT_BACK


def test_surplus_money_that_the_bank_doesnt_take_back_waits_for_a_person(street: Street) -> None:
    street.orders()
    page = street.goes_to_pay()
    street.later(minutes=31)
    street.refund_ends("canceled", reason="insufficient_funds")

    street.by_card(page, MIR)
    street.later(minutes=1)

    assert street.stands() == Stands("expired", ("succeeded",), TOTAL, 0, ("manual_due",))
    assert street.says() == BY_HAND


def test_a_refund_that_the_bank_calls_off_afterwards_is_paid_by_a_person(street: Street) -> None:
    street.orders()
    street.pays()
    street.hears()
    street.refund_ends("pending", then="canceled", reason="insufficient_funds", seconds=60)
    street.calls_off()
    street.hears()
    assert street.stands() == Stands("canceled", ("succeeded",), TOTAL, 0, ("pending",))

    street.later(minutes=3)
    assert street.stands() == Stands("canceled", ("succeeded",), TOTAL, 0, ("manual_due",))
    assert street.says() == CALLED_OFF
    with street.app.app_context():
        assert [one.what for one in money_troubles()] == ["refund_failed"]
        (refund,) = street.refunds()
        clerk = street.make.employee("support")
        settle_by_hand(refund_id=refund.id, actor_id=clerk.id, note="№ 17", now=street.now)
        assert balance_of(BANK) == -TOTAL
        db.session.rollback()
    assert street.stands() == Stands("canceled", ("succeeded",), TOTAL, 0, ("paid_manually",))


def test_a_refund_that_takes_its_time_is_watched_to_its_end(street: Street) -> None:
    street.orders()
    street.pays()
    street.hears()
    street.refund_ends("pending", seconds=3600)
    street.notices("lost")
    street.calls_off()
    street.hears()

    street.later(minutes=61)

    assert street.stands() == Stands("canceled", ("succeeded",), TOTAL, TOTAL, ("succeeded",))


def test_five_parts_go_back_at_once_half_of_their_answers_lost(street: Street) -> None:
    street.orders(quantity=5)
    street.pays()
    street.hears()
    street.fault("drop_after_commit", "create_refund", times=2)

    street.at_once([partial(call_off_one, street, f"part-{part}") for part in range(5)])
    street.at_once([partial(street.work, street.now)] * 3)
    street.later(minutes=1)
    street.later(minutes=3)

    total = street.bought.total_kopecks
    assert total == 5 * 149_000 + 29_900
    assert street.stands() == Stands("canceled", ("succeeded",), total, total, ("succeeded",) * 5)
    sums = sorted(row["amount_kopecks"] for row in street.dump()["refund"])
    assert sums == [149_000] * 4 + [149_000 + 29_900]
    assert street.says() == CALLED_OFF


def call_off_one(street: Street, key: str) -> None:
    """Call off one piece, as its page shows; somebody else's press may come between, then look once more."""
    mine = {"account_id": street.bought.account.id, "number": street.bought.number}
    while True:
        choice = choice_of(**mine)
        one = {choice.lines[0].id: 1}
        note = choice.note(choice.cancellation(one), one)
        try:
            cancel_pieces(**mine, chosen=one, note=note, once_key=key, now=street.now)
        except SplitChanged:
            db.session.rollback()
        else:
            return
