"""A bank's own bonuses on their way back: what the page and the letters say is what the books write down."""

from dataclasses import replace

import pytest
from factories import NOON
from returning import chosen_of, returning  # noqa: F401  (the fixture)
from sqlalchemy import select

from shop.db import db
from shop.gateways import mail
from shop.gateways.payments import Rejected
from shop.models import OutboxItem
from shop.queries.ledger import balance_of
from shop.queries.orders import order_of
from shop.queries.returns import history_of, return_of
from shop.rules import ledger
from shop.services.returns import SplitChanged, cancel_pieces

# An order of 5 734 ₽, all of it from outside; 1 000 ₽ in bonuses.
WHOLE, BONUS = 573_400, 100_000


def order_with_bonuses(returning, **more):  # noqa: F811
    return returning.order(points=0, promo=0, balance=0, bonus=BONUS, **more)


def in_bonuses():
    db.session.rollback()
    return balance_of(ledger.bonus_clearing("yookassa"))


def letters(name):
    rows = db.session.scalars(select(OutboxItem).where(OutboxItem.kind == "letter"))
    facts = [row.payload["facts"] for row in rows if row.payload["letter"] == name]
    return [mail.render(letter=name, language="en", facts=one).text for one in facts]


def test_the_order_tells_how_much_was_bonuses(returning):  # noqa: F811
    order = order_with_bonuses(returning)

    seen = order_of(account_id=order.account.id, number=order.number)

    assert (seen.outside_kopecks, seen.bonus_kopecks) == (WHOLE, BONUS)


def test_each_part_shows_the_bonuses_that_are_booked_for_it(returning):  # noqa: F811
    order = order_with_bonuses(returning)
    shown, booked = [], []
    for key, chosen in enumerate(({order.teapots: 1}, {order.cups: 1}, {order.teapots: 1})):
        shown.append(chosen_of(order).cancellation(chosen).bonus_kopecks)
        before = in_bonuses()
        returning.cancel(order, chosen, f"c{key}")
        returning.work()
        booked.append(before - in_bonuses())
    rest = {order.teapots: 1, order.cups: 1}
    shown.append(chosen_of(order).cancellation(rest).bonus_kopecks)
    before = in_bonuses()
    returning.cancel(order, rest, "all")
    returning.work()
    booked.append(before - in_bonuses())

    assert shown == booked == [25_900, 5_800, 26_000, 42_300]
    assert in_bonuses() == 0
    backs = [one.back for one in history_of(order_id=order.order_id).canceled]
    assert [back.bonus_kopecks for back in backs] == booked
    assert sum(back.funding.outside_kopecks for back in backs) == WHOLE


def test_parts_that_wait_together_share_as_they_will_be_booked(returning):  # noqa: F811
    order = order_with_bonuses(returning)
    returning.cancel(order, {order.teapots: 1}, "c1")
    shown = chosen_of(order).cancellation({order.cups: 2}).bonus_kopecks
    returning.cancel(order, {order.cups: 2}, "c2")
    returning.work()

    assert shown == 16_900
    assert in_bonuses() == BONUS - 25_900 - 16_900


def test_a_return_shows_them_before_and_after(returning):  # noqa: F811
    order = order_with_bonuses(returning, stage="received")
    number = returning.ask(order, {order.teapots: 1})
    before = return_of(account_id=order.account.id, number=number).row.back
    returning.bring_back(number)
    returning.work()
    after = return_of(account_id=order.account.id, number=number).row.back

    assert (before.bonus_kopecks, after.bonus_kopecks) == (25_900, 25_900)
    assert in_bonuses() == BONUS - 25_900


def test_the_letters_tell_the_two_apart(returning):  # noqa: F811
    order = order_with_bonuses(returning, stage="received")
    returning.give_back(order, {order.teapots: 1})
    canceled = order_with_bonuses(returning)
    returning.cancel(canceled, {canceled.teapots: 1})
    returning.work()

    for name in ("return_requested", "return_refunded", "order_canceled"):
        (text,) = letters(name)
        assert "To the card Mastercard ···· 4477: 1 231 ₽" in text.replace("\xa0", " "), name
        assert "In «Spasibo» bonuses: 259 ₽" in text.replace("\xa0", " ")
        assert "In all: 1 490 ₽" in text.replace("\xa0", " ")
    told = letters("payment_returned")
    assert len(told) == 2
    share = "Of it 1 231 ₽ goes to the card and 259 ₽ comes back in «Spasibo» bonuses."
    assert all(share in one.replace("\xa0", " ") for one in told)


def test_what_a_person_pays_is_money_alone(returning):  # noqa: F811
    order = order_with_bonuses(returning)
    returning.paying.bank.trouble("refund", Rejected("insufficient_funds"))
    returning.cancel(order, {order.teapots: 1})
    returning.work()

    (one,) = history_of(order_id=order.order_id).canceled
    assert (one.back.bonus_kopecks, one.back.is_by_hand) == (0, True)
    # What the bank didn't send doesn't count before the next part.
    assert chosen_of(order).cancellation({order.teapots: 1}).bonus_kopecks == 25_900


def test_a_part_that_is_refused_changes_nothing_of_what_was_told_of_the_next(returning):  # noqa: F811
    order = order_with_bonuses(returning)
    returning.cancel(order, {order.teapots: 1}, "c1")
    returning.cancel(order, {order.teapots: 1}, "c2")
    first, told = history_of(order_id=order.order_id).canceled
    returning.paying.bank.trouble("refund", Rejected("insufficient_funds"))
    returning.work()

    refused, second = history_of(order_id=order.order_id).canceled
    assert (first.back.bonus_kopecks, refused.back.bonus_kopecks) == (25_900, 0)
    assert refused.back.is_by_hand
    assert told.back.bonus_kopecks == second.back.bonus_kopecks == 26_000
    assert in_bonuses() == BONUS - 26_000


def test_a_part_that_is_all_bonuses_is_not_said_to_go_to_the_card(inside):
    facts = {
        "number": "0042-1187",
        "greeting": "Игорь",
        "amount_kopecks": 1_00,
        "bonus_kopecks": 1_00,
    }
    facts |= {
        "way": "sber_card",
        "card": "Mir ···· 4477",
        "is_surplus": False,
        "is_certificate": False,
    }

    for language, card in (("ru", "На карту"), ("en", "To the card")):
        of_all = mail.render(letter="payment_returned", language=language, facts=facts)
        of_half = mail.render(
            letter="payment_returned", language=language, facts=facts | {"bonus_kopecks": 50}
        )
        assert card not in of_all.text + of_all.html
        assert card in of_half.text and card in of_half.html


def test_other_bonuses_than_were_shown_are_shown_anew(returning):  # noqa: F811
    order = order_with_bonuses(returning)
    choice, chosen = chosen_of(order), {order.teapots: 1}
    shown = choice.cancellation(chosen)
    note = choice.note(shown, chosen)
    returning.cancel(order, {order.cups: 2}, "first")
    now = chosen_of(order).cancellation(chosen)
    assert replace(now, bonus_kopecks=shown.bonus_kopecks) == shown != now

    with pytest.raises(SplitChanged):
        cancel_pieces(
            account_id=order.account.id,
            number=order.number,
            chosen=chosen,
            note=note,
            once_key="second",
            now=NOON,
        )
    assert len(history_of(order_id=order.order_id).canceled) == 1
