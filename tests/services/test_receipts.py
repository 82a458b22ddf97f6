"""Every movement of money writes its receipt: of what, for how much, settled how, and where it is made."""

from factories import NOON
from receipting import TOTAL, lines, plain, receipts, settled, told
from returning import CARRIAGE, CUP, TEAPOT, bring, returning  # noqa: F401  (the fixture)
from squaring import books_are_right  # noqa: F401  (the fixture)

from shop.rules.orders import RETURN_DAYS
from shop.services.orders import mark_paid


def test_the_receipt_of_an_order_paid_by_card_rides_in_its_payment(returning):  # noqa: F811
    order = plain(returning)

    (paid,) = receipts()
    assert (paid.kind, paid.state, paid.is_inside, paid.gateway) == (
        "payment",
        "queued",
        True,
        "yookassa",
    )
    assert lines(paid) == [
        ("Чайник", 3, TEAPOT),
        ("Чашка", 2, CUP),
        (f"Доставка заказа {order.number}", 1, 2 * CARRIAGE),
    ]
    assert settled(paid) == {"cashless": TOTAL}
    assert paid.once_key == f"ord:{order.number}:paid"

    returning.work()

    (paid,) = receipts()
    assert (paid.state, paid.document_number, paid.registered_at) == ("registered", "1", NOON)
    assert returning.paying.bank.calls.count("register_receipt") == 0


def test_where_the_balance_pays_a_part_the_receipt_goes_apart_and_says_so(returning):  # noqa: F811
    order = returning.order()

    (paid,) = receipts()
    money = TOTAL - 70_000 - 50_000
    assert (paid.is_inside, paid.amount_kopecks) == (False, money)
    assert settled(paid) == {"cashless": money - 100_001, "prepayment": 100_001}
    assert {one["mode"] for one in paid.lines} == {"full_prepayment"}
    attempt = returning.paying.attempt(order.attempt_id)
    assert "receipt" not in attempt.request

    returning.work()

    assert told() == [("payment", "registered", money)]
    (made,) = returning.paying.bank.desk.receipts.values()
    assert (made.payment_ref, made.refund_ref) == (attempt.gateway_ref, "")


def test_each_parcel_that_is_handed_over_turns_its_prepayment_into_a_price(returning):  # noqa: F811
    order = returning.order()
    first, second = returning.make.parcel_ids(order.order_id)
    bring(first, "received")

    (_, handed) = receipts()
    assert (handed.kind, handed.parcel_id, handed.is_inside) == ("settlement", first, False)
    assert settled(handed) == {"prepayment": handed.amount_kopecks}
    assert {one["mode"] for one in handed.lines} == {"full_payment"}
    assert {one["name"] for one in handed.lines} == {"Чайник", f"Доставка заказа {order.number}"}

    bring(second, "received")
    paid, one, other = receipts()
    assert one.amount_kopecks + other.amount_kopecks == paid.amount_kopecks
    returning.work()
    assert [state for _, state, _ in told()] == ["registered"] * 3


def test_what_was_called_off_before_is_on_no_receipt_of_the_hand_over(returning):  # noqa: F811
    order = plain(returning)
    returning.cancel(order, {order.teapots: 1})
    bring(returning.make.parcel_ids(order.order_id)[0], "received")

    paid, back, handed = receipts()
    assert (back.kind, lines(back), settled(back)) == (
        "refund",
        [("Чайник", 1, TEAPOT)],
        {"cashless": TEAPOT},
    )
    assert {one["mode"] for one in back.lines} == {"full_prepayment"}
    assert handed.amount_kopecks == 2 * TEAPOT + CARRIAGE
    assert paid.amount_kopecks == TOTAL


def test_a_return_in_parts_has_just_the_pieces_that_come_back(returning):  # noqa: F811
    order = returning.order(stage="received")
    for turn in range(3):
        returning.give_back(order, {order.teapots: 1}, key=f"r{turn}")

    backs = [one for one in receipts() if one.kind == "refund"]
    handed = next(one for one in receipts() if one.kind == "settlement")
    assert sum(one.amount_kopecks for one in backs) == handed.amount_kopecks - (
        next(one["price_kopecks"] for one in handed.lines if one["subject"] == "service")
    )
    assert all(len(lines(one)) == 1 and lines(one)[0][:2] == ("Чайник", 1) for one in backs)
    assert all(set(settled(one)) == {"cashless", "prepayment"} for one in backs)
    returning.work()
    made = returning.paying.bank.desk.receipts.values()
    assert {one.ref for one in returning.paying.bank.refunds.values()} == {
        one.refund_ref for one in made if one.refund_ref
    }
    assert {one.state for one in receipts()} == {"registered"}


def test_the_receipt_of_money_that_goes_back_to_a_card_rides_in_the_refund(returning):  # noqa: F811
    order = plain(returning, stage="received")
    number = returning.give_back(order, order.everything, "defect")

    back = receipts()[-1]
    assert (back.is_inside, back.once_key) == (True, f"ret:{number}:ok")
    assert settled(back) == {"cashless": TOTAL}
    returning.work()
    assert receipts()[-1].state == "registered"
    assert returning.paying.bank.calls.count("register_receipt") == 2  # The two hand-overs.


def test_what_goes_back_to_the_balance_only_is_printed_by_hand(returning):  # noqa: F811
    order = returning.order(points=0, promo=0, balance=TOTAL)

    returning.cancel(order, order.everything)

    paid, back = receipts()
    assert (paid.state, back.state) == ("by_hand", "by_hand")
    assert settled(paid) == settled(back) == {"prepayment": TOTAL}
    returning.work()
    assert [state for _, state, _ in told()] == ["by_hand", "by_hand"]


def test_a_refund_that_no_gateway_sends_leaves_its_receipt_to_people(returning):  # noqa: F811
    order = plain(returning)
    returning.paying.bank.next_refund = "canceled"
    returning.cancel(order, order.everything)
    returning.work()
    returning.work()

    back = receipts()[-1]
    assert (back.kind, back.state, back.problem) == ("refund", "by_hand", "refund_by_hand")


def test_money_taken_at_the_door_is_printed_by_hand(returning):  # noqa: F811
    order = returning.order(
        points=0, promo=0, balance=100_001, method="on_receipt", stage="shipped"
    )
    (part,) = receipts()
    assert (part.state, settled(part)) == ("by_hand", {"prepayment": 100_001})
    assert {one["mode"] for one in part.lines} == {"partial_prepayment"}

    from shop.services.orders import receive_parcel

    for parcel_id in returning.make.parcel_ids(order.order_id):
        receive_parcel(parcel_id=parcel_id, return_days=RETURN_DAYS, actor="staff:1", now=NOON)

    _, *handed = receipts()
    assert [one.state for one in handed] == ["by_hand", "by_hand"]
    assert sum(settled(one)["at_the_door"] for one in handed) == TOTAL - 100_001
    assert sum(settled(one)["prepayment"] for one in handed) == 100_001


def test_an_order_that_only_given_money_pays_for_has_no_receipt(returning):  # noqa: F811
    returning.order(points=0, promo=TOTAL, balance=0, stage="received")

    assert told() == []


def test_money_of_a_gateway_without_a_cash_desk_is_printed_by_hand(returning):  # noqa: F811
    from shop.db import db
    from shop.models import PaymentAttempt
    from shop.services.ledger import Came

    order = returning.order(points=0, promo=0, balance=0, stage="unpaid")
    attempt = db.session.get_one(PaymentAttempt, order.attempt_id)
    attempt.gateway, attempt.state = "sber", "succeeded"
    db.session.commit()

    mark_paid(order_id=order.order_id, came=Came(attempt.id, "sber", TOTAL), now=NOON)

    (paid,) = receipts()
    assert (paid.state, paid.gateway, settled(paid)) == ("by_hand", "", {"cashless": TOTAL})


def test_what_is_told_twice_is_one_receipt(returning):  # noqa: F811
    from shop.services.receipts import receipt_for_order, receipt_for_parcel

    order = plain(returning, stage="received")
    before = told()

    receipt_for_order(order_id=order.order_id, attempt_id=order.attempt_id, now=NOON)
    for parcel_id in returning.make.parcel_ids(order.order_id):
        receipt_for_parcel(parcel_id=parcel_id, now=NOON)

    assert told() == before and len(before) == 3
