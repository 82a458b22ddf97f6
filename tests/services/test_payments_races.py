"""The same news from all sides at once: twelve notices, the customer's return, the worker's own look."""

from datetime import timedelta
from functools import partial

import pytest
from conftest import NOON
from paying import BACK, Paying

from shop.gateways.payments import Unknown
from shop.queries.payments import payment_of
from shop.services.payments import (
    NotANotice,
    Stranger,
    UnknownGateway,
    accept_notice,
    expire_unpaid,
    look_into,
    pay_again,
    poll_pending,
    receive_notice,
    start,
    sync,
)
from shop.services.security.sweeping import sweep

LATER = NOON + timedelta(minutes=1)


@pytest.fixture
def paying(app, make):
    return Paying(app, make)


@pytest.fixture
def inside_of(app):
    """Do one deed in a context of its own."""

    def do(deed, **arguments):
        with app.app_context():
            return deed(**arguments)

    return do


def notice_of(paying, ref, event="payment.succeeded"):
    body = paying.bank.notice(ref, event)
    return partial(accept_notice, gateway="yookassa", event=event, ref=ref, body=body, now=LATER)


def test_twelve_notices_at_once_pay_once_and_are_kept_once(paying):
    bought = paying.order()
    ref = paying.at_the_bank(bought)
    paying.bank.end(ref, "succeeded")

    results = paying.at_once([notice_of(paying, ref)] * 12)
    done = paying.work(LATER)

    assert results == [None] * 12
    assert done == 2  # The notice, and the receipt that it leads to.
    assert paying.order_state(bought) == "paid"
    assert paying.letters() == ["order_accepted", "order_paid"]


def test_twenty_returns_and_looks_at_once_pay_once_with_one_letter(paying):
    bought = paying.order()
    paying.bank.end(paying.at_the_bank(bought), "succeeded")

    results = paying.at_once([partial(sync, attempt_id=bought.attempt_id, now=LATER)] * 20)

    assert results == ["succeeded"] * 20
    assert paying.order_state(bought) == "paid"
    assert paying.letters() == ["order_accepted", "order_paid"]
    assert paying.refunds() == []


def test_the_return_and_the_notice_at_once_pay_once(paying, inside_of):
    bought = paying.order()
    ref = paying.at_the_bank(bought)
    inside_of(notice_of(paying, ref))
    paying.bank.end(ref, "succeeded")

    deeds = [
        partial(sync, attempt_id=bought.attempt_id, now=LATER),
        partial(look_into, notice_id=1, now=LATER),
        partial(poll_pending, now=LATER),
    ]
    paying.at_once(deeds * 4)

    assert paying.letters() == ["order_accepted", "order_paid"]
    assert paying.attempts(bought) == ["succeeded"]


def test_a_payment_at_the_very_deadline_is_paid_or_goes_back_never_both(paying):
    over = NOON + timedelta(minutes=31)
    for _ in range(5):
        bought = paying.order()
        paying.bank.end(paying.at_the_bank(bought), "succeeded")

        paying.at_once(
            [
                partial(expire_unpaid, now=over),
                partial(sync, attempt_id=bought.attempt_id, now=over),
            ]
        )

        paid = paying.order_state(bought) == "paid"
        assert paying.stock(bought) == (8 if paid else 10)
        assert paying.attempt(bought.attempt_id).is_surplus is not paid


def test_two_tabs_that_pay_open_one_payment(paying):
    bought = paying.order()

    def again():
        known = payment_of(account_id=bought.account.id, number=bought.number)
        return pay_again(paying=known, return_to=BACK, now=LATER)

    begin = partial(start, attempt_id=bought.attempt_id, return_to=BACK, now=LATER)

    results = paying.at_once([again, begin] * 3)

    assert not [result for result in results if isinstance(result, Exception)]
    assert len(paying.bank.payments) == 1
    assert paying.attempts(bought) == ["pending"]


def test_a_notice_that_never_came_is_made_up_for(paying, inside_of):
    bought = paying.order()
    paying.bank.end(paying.at_the_bank(bought), "succeeded")

    inside_of(poll_pending, now=NOON + timedelta(seconds=5))
    assert paying.order_state(bought) == "awaiting_payment"
    inside_of(poll_pending, now=NOON + timedelta(seconds=15))
    assert paying.order_state(bought) == "paid"


def test_news_in_the_wrong_order_ends_the_same(paying, inside_of):
    bought = paying.order()
    ref = paying.at_the_bank(bought)
    paying.bank.end(ref, "succeeded")
    inside_of(notice_of(paying, ref))
    paying.work(LATER)

    inside_of(notice_of(paying, ref, "payment.waiting_for_capture"))
    inside_of(notice_of(paying, ref, "payment.canceled"))
    paying.work(LATER)

    assert paying.attempts(bought) == ["succeeded"]
    assert paying.order_state(bought) == "paid"


def test_a_forged_success_pays_nothing(paying, inside_of):
    bought = paying.order()
    ref = paying.at_the_bank(bought)

    inside_of(notice_of(paying, ref))
    paying.work(LATER)

    assert paying.order_state(bought) == "awaiting_payment"
    assert paying.attempts(bought) == ["pending"]


def test_a_notice_about_nothing_of_ours_is_kept_and_done_with(paying, inside_of):
    inside_of(notice_of(paying, "no-such-payment"))

    assert paying.work(LATER) == 1
    assert paying.work(LATER + timedelta(hours=2)) == 0


def test_a_notice_is_read_though_it_has_the_number_of_one_that_was_swept_away(paying, inside_of):
    """SQLite gives numbers anew; the first one was read so late that its errand is remembered after it."""
    late = NOON + timedelta(days=200)
    inside_of(notice_of(paying, "no-such-payment"))
    assert paying.work(late) == 1
    assert inside_of(sweep, now=late).payment_notices == 1

    inside_of(notice_of(paying, "no-such-payment"), now=late)

    assert paying.work(late) == 1


def test_a_notice_finds_the_attempt_whose_opening_was_never_answered(paying, inside_of):
    bought = paying.order()
    paying.bank.trouble("create", Unknown("no answer"), after=True)
    assert paying.at_the_bank(bought) is None
    ref = next(iter(paying.bank.payments))
    paying.bank.end(ref, "succeeded")

    inside_of(notice_of(paying, ref))
    paying.work(LATER)

    assert paying.order_state(bought) == "paid"
    assert paying.attempt(bought.attempt_id).gateway_ref == ref


def test_a_notice_is_asked_about_again_when_the_gateway_was_away(paying, inside_of):
    bought = paying.order()
    ref = paying.at_the_bank(bought)
    paying.bank.end(ref, "succeeded")
    paying.bank.trouble("fetch", Unknown("away"))
    inside_of(notice_of(paying, ref))

    paying.work(LATER)
    assert paying.order_state(bought) == "awaiting_payment"
    paying.work(LATER + timedelta(seconds=10))
    assert paying.order_state(bought) == "paid"


def test_the_door_knows_gateways_senders_and_notices(paying, inside_of):
    def hear(gateway="yookassa", sender="127.0.0.1", body=b"{}"):
        return inside_of(
            receive_notice, gateway=gateway, sender=sender, headers={}, body=body, now=NOON
        )

    with pytest.raises(UnknownGateway):
        hear(gateway="nobody")
    with pytest.raises(Stranger):
        hear(sender="203.0.113.7")
    with pytest.raises(NotANotice):
        hear(body=b"hello")
    assert paying.bank.calls == []
    assert paying.work(LATER) == 0
