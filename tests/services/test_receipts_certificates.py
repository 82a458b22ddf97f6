"""A certificate is an advance: its receipts, and those of an order that it pays for."""

from certifying import attempt_for, code_of, ordered, sold
from factories import NOON
from receipting import TOTAL, lines, receipts, settled, told
from returning import CARRIAGE, CUP, TEAPOT, returning  # noqa: F401  (the fixture)
from squaring import books_are_right  # noqa: F401  (the fixture)

from shop.services.certificates import activate
from shop.services.returns.certificates import take_certificate_back


def test_a_certificate_that_is_sold_is_an_advance_and_given_back_it_is_returned(returning):  # noqa: F811
    bought = sold(returning.make.account(), 3000_00)
    (advance,) = receipts()
    assert (advance.kind, advance.state, lines(advance)) == (
        "advance",
        "queued",
        [(f"Подарочный сертификат {bought.serial}", 1, 3000_00)],
    )
    assert [(one["subject"], one["mode"]) for one in advance.lines] == [("payment", "advance")]
    assert settled(advance) == {"cashless": 3000_00}

    take_certificate_back(serial=bought.serial, account_id=bought.buyer_id, now=NOON)

    returned = receipts()[-1]
    assert (returned.kind, returned.once_key) == ("advance_refund", f"cert:{bought.serial}:refund")
    assert lines(returned) == lines(advance)
    returning.work()
    returning.work()
    assert [state for _, state, _ in told()] == ["registered", "registered"]


def test_an_order_paid_by_a_certificate_hangs_on_that_ones_payment(returning):  # noqa: F811
    buyer, ann = returning.make.account(), returning.make.account()
    bought = sold(buyer, 15_000_00)
    activate(account_id=ann.id, code=code_of(bought), now=NOON)

    returning.order(points=0, promo=0, balance=TOTAL, account=ann, is_given=False, stage="received")

    advance, paid, *handed = receipts()
    assert (paid.state, paid.attempt_id, settled(paid)) == (
        "queued",
        advance.attempt_id,
        {"prepayment": TOTAL},
    )
    assert {one.attempt_id for one in handed} == {advance.attempt_id}
    returning.work()
    assert {one.state for one in receipts()} == {"registered"}


def test_an_unpaid_certificate_has_no_receipt(make, inside):
    made = ordered(make.account(), 3000_00)
    attempt_for(made.certificate_id, 3000_00, state="pending")

    assert told() == []
