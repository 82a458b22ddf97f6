"""Every letter about calling off and giving back reads whole, in both languages, with the sums that were booked."""

import pytest
from factories import NOON
from returning import return_lines, returning  # noqa: F401  (the fixture)
from sqlalchemy import select

from shop.db import db
from shop.gateways import mail
from shop.models import OutboxItem
from shop.services.returns import (
    answer_customer,
    approve,
    cancel_by_shop,
    cancel_unpaid,
    reject,
)
from shop.services.returns.guests import send_code

LETTERS = {
    *("order_canceled", "return_requested", "return_approved", "return_rejected"),
    *("return_refunded", "return_answered", "return_code"),
}


def everything_that_is_written(returning):  # noqa: F811
    clerk = returning.clerk.id
    unpaid, paid = returning.order(stage="unpaid"), returning.order()
    cancel_unpaid(account_id=unpaid.account.id, number=unpaid.number, now=NOON)
    returning.cancel(paid, {paid.teapots: 1})
    cancel_by_shop(number=paid.number, reason="carrier", actor_id=clerk, once_key="s", now=NOON)
    order = returning.order(stage="received")
    number = returning.ask(order, {order.teapots: 2}, "defect")
    told = {"number": number, "actor_id": clerk, "now": NOON}
    answer_customer(**told, text="Ждём\nпосылку", once_key="m")
    returning.bring_back(number)
    other = returning.ask(order, {order.cups: 1}, key="r2")
    reject(number=other, refusal="Чашка разбита", actor_id=clerk, now=NOON)
    at_the_door = returning.order(method="on_receipt", stage="received")
    returning.give_back(at_the_door, at_the_door.everything, "wrong_item")
    send_code(number=order.number, asked="a", now=NOON)
    return order, paid


@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_letter_reads_whole(returning, language):  # noqa: F811
    order, _ = everything_that_is_written(returning)
    rows = db.session.scalars(select(OutboxItem).where(OutboxItem.kind == "letter")).all()
    mine = [row.payload for row in rows if row.payload["letter"] in LETTERS]
    assert {one["letter"] for one in mine} == LETTERS

    for one in mine:
        letter = mail.render(letter=one["letter"], language=language, facts=one["facts"])
        number = one["facts"].get("number") or one["facts"]["order"]
        assert number in letter.subject and number in letter.text + letter.html
        assert "%(" not in letter.text + letter.html
        if one["facts"].get("outside_kopecks") and one["letter"] != "return_requested":
            assert "₽" in letter.text and "₽" in letter.html

    refused = next(one for one in mine if one["letter"] == "return_rejected")
    text = mail.render(letter="return_rejected", language=language, facts=refused["facts"]).text
    assert "Чашка разбита" in text
    assert f"/my/returns/{order.number}-2" in text


def test_a_refund_by_the_gateway_names_the_card_and_one_by_hand_the_transfer(returning):  # noqa: F811
    everything_that_is_written(returning)
    letters = select(OutboxItem).where(OutboxItem.kind == "letter").order_by(OutboxItem.id)
    rows = db.session.scalars(letters).all()
    refunded = [row.payload["facts"] for row in rows if row.payload["letter"] == "return_refunded"]

    card, by_hand = (
        mail.render(letter="return_refunded", language="en", facts=facts).text for facts in refunded
    )

    assert "To the card Mastercard ···· 4477" in card
    assert "By bank transfer" in by_hand


def test_nothing_is_agreed_twice_in_letters(returning):  # noqa: F811
    order = returning.order(stage="received")
    number = returning.ask(order, {order.teapots: 1})
    approve(number=number, actor_id=returning.clerk.id, now=NOON)

    rows = db.session.scalars(select(OutboxItem.payload)).all()

    assert [one["letter"] for one in rows if one.get("letter") == "return_approved"] == [
        "return_approved"
    ]
    assert len(return_lines(number)) == 1


def test_money_of_a_return_is_not_called_money_that_nobody_waited_for(returning):  # noqa: F811
    order = returning.order(stage="received")
    returning.give_back(order, {order.teapots: 1})

    returning.work()

    facts = returning.paying.facts("payment_returned")
    assert (facts["number"], facts["is_surplus"], facts["is_certificate"]) == (
        order.number,
        False,
        False,
    )
    assert facts["greeting"]
