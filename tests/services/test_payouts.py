"""Money that a person pays back: its owner is asked where to, tells it, or takes it onto the balance; once, and then it is forgotten."""

from datetime import timedelta

import pytest
from factories import NOON
from returning import returning  # noqa: F401  (the fixture)
from signing import together
from sqlalchemy import select
from squaring import (  # noqa: F401  (the fixture)
    books_are_right,
    letters,
    owed,
    refunds,
    the_return,
    wallet,
)

from shop.db import db
from shop.gateways import mail
from shop.gateways.payments import Rejected
from shop.models import AccountEvent, PaymentRefund, PayoutDetails
from shop.queries.ledger import balance_of
from shop.queries.payments import payout_of, payouts_at_desk, payouts_of, payouts_of_order
from shop.rules.ledger import BANK
from shop.rules.payouts import OPENING_LIVES
from shop.services.payments import (
    BeingPaid,
    NotOwedByHand,
    OpenedByAnother,
    Whereto,
    ask_whereto,
    open_details,
    settle_by_hand,
    tell_whereto,
)
from shop.services.returns import settle_manually, take_to_balance_at_once

ACCOUNT = Whereto("account", "Петрова Анна Игоревна", "044525225", "40817810838123456789")
PHONE = Whereto("sbp", "Петрова Анна", phone="+79161234567", bank="Сбер")


@pytest.fixture
def failed(returning):  # noqa: F811
    """A return of a teapot that the bank has not taken; the order, the return's number and the refund."""
    order = returning.order(stage="received")
    number = returning.give_back(order, {order.teapots: 1})
    returning.paying.bank.trouble("refund", Rejected("insufficient_funds"))
    returning.work(NOON + timedelta(days=1))
    return order, number, the_return(number).refund_id


def details():
    db.session.rollback()
    return db.session.scalars(select(PayoutDetails)).all()


def test_a_failed_refund_asks_its_owner_where_to_send_the_money(returning, failed):  # noqa: F811
    order, _number, refund_id = failed
    letter = letters("payout_wanted")[0]
    assert (letter["number"], letter["refund_id"], letter["is_card"]) == (
        order.number,
        refund_id,
        True,
    )
    assert letter["amount_kopecks"] == owed(order)
    # Ten days from the demand, not from the bank's refusal a day later.
    assert letter["pay_by"] == (NOON + timedelta(days=10)).isoformat()
    found = payout_of(refund_id=refund_id)
    assert (found.number, found.account_id, found.pay_by, found.told) == (
        order.number,
        order.account.id,
        NOON + timedelta(days=10),
        None,
    )
    assert not found.is_urgent(NOON + timedelta(days=7, hours=23))
    assert found.is_urgent(NOON + timedelta(days=8))
    assert [one.refund_id for one in payouts_of_order(order_id=order.order_id)] == [refund_id]
    assert [one.refund_id for one in payouts_of(account_id=order.account.id)] == [refund_id]
    assert payouts_of(account_id=returning.clerk.id) == []


def test_money_given_at_the_door_is_asked_about_too(returning):  # noqa: F811
    order = returning.order(method="on_receipt", stage="received")

    returning.give_back(order, order.everything, "wrong_item")

    assert [one["is_card"] for one in letters("payout_wanted")] == [False]


@pytest.mark.parametrize("whereto", [ACCOUNT, PHONE])
def test_what_was_told_is_masked_until_an_employee_opens_it(returning, failed, whereto):  # noqa: F811
    order, _, refund_id = failed
    clerk, now = returning.clerk.id, NOON + timedelta(days=2)
    desk = {"is_paid": False, "employee_id": clerk}
    assert payouts_at_desk(**desk, now=now)[0][0].told is None

    tell_whereto(refund_id=refund_id, whereto=whereto, now=now)

    told = payouts_at_desk(**desk, now=now)[0][0].told
    whole = whereto.account_number or whereto.phone
    assert (told.way, told.name, told.number, told.is_opened) == (
        whereto.way,
        "",
        f"•••• {whole[-4:]}",
        False,
    )
    open_details(refund_id=refund_id, actor_id=clerk, now=now)
    told = payouts_at_desk(**desk, now=now + timedelta(minutes=29))[0][0].told
    assert (told.name, told.number, told.bic, told.bank) == (
        whereto.name,
        whole,
        whereto.bic,
        whereto.bank,
    )
    assert not payouts_at_desk(**desk, now=now + timedelta(minutes=31))[0][0].told.is_opened
    colleague = {"is_paid": False, "employee_id": clerk + 1000}
    assert not payouts_at_desk(**colleague, now=now)[0][0].told.is_opened
    event = db.session.scalars(
        select(AccountEvent).where(AccountEvent.kind == "payout_details_opened")
    ).one()
    assert (event.account_id, event.actor_id, event.facts) == (
        order.account.id,
        clerk,
        {"number": order.number},
    )


def test_it_may_be_told_anew_until_an_employee_has_opened_it(returning, failed):  # noqa: F811
    _, _, refund_id = failed
    tell_whereto(refund_id=refund_id, whereto=ACCOUNT, now=NOON)
    tell_whereto(refund_id=refund_id, whereto=PHONE, now=NOON + timedelta(minutes=1))
    assert [one.phone for one in details()] == [PHONE.phone]
    assert [one["end"] for one in letters("payout_whereto")] == [ACCOUNT.end, PHONE.end]
    open_details(refund_id=refund_id, actor_id=returning.clerk.id, now=NOON)

    with pytest.raises(BeingPaid):
        tell_whereto(refund_id=refund_id, whereto=ACCOUNT, now=NOON)
    with pytest.raises(BeingPaid):
        take_to_balance_at_once(refund_id=refund_id, now=NOON)

    assert [one.phone for one in details()] == [PHONE.phone]
    assert refunds()[0][0] == "manual_due"


def test_what_a_colleague_has_opened_nobody_else_pays_meanwhile(returning, failed):  # noqa: F811
    _, _, refund_id = failed
    tell_whereto(refund_id=refund_id, whereto=ACCOUNT, now=NOON)
    first, second = returning.clerk.id, returning.make.employee("support").id
    open_details(refund_id=refund_id, actor_id=first, now=NOON)
    soon = NOON + OPENING_LIVES - timedelta(seconds=1)

    for deed in (
        lambda now: open_details(refund_id=refund_id, actor_id=second, now=now),
        lambda now: settle_by_hand(refund_id=refund_id, actor_id=second, note="1", now=now),
        lambda now: ask_whereto(refund_id=refund_id, actor_id=second, remark="Нет", now=now),
    ):
        with pytest.raises(OpenedByAnother):
            deed(soon)

    (row,), _ = payouts_at_desk(is_paid=False, employee_id=second, now=soon)
    assert (row.told.is_anothers, row.told.is_opened) == (True, False)
    assert (row.told.opened_by, row.told.opened_at) == (returning.clerk.given_name, NOON)
    open_details(refund_id=refund_id, actor_id=first, now=soon)
    open_details(refund_id=refund_id, actor_id=second, now=soon + OPENING_LIVES)
    (row,), _ = payouts_at_desk(is_paid=False, employee_id=second, now=soon + OPENING_LIVES)
    assert (row.told.is_anothers, row.told.is_opened) == (False, True)
    settle_by_hand(refund_id=refund_id, actor_id=second, note="1", now=soon + OPENING_LIVES)


def test_what_is_paid_is_told_and_forgotten(returning, failed):  # noqa: F811
    order, number, refund_id = failed
    tell_whereto(refund_id=refund_id, whereto=ACCOUNT, now=NOON)
    pay = {"refund_id": refund_id, "actor_id": returning.clerk.id, "now": NOON}

    settle_manually(**pay, note="Поручение 17")

    assert details() == []
    assert the_return(number).state == "closed"
    assert letters("payout_done")[0]["end"] == "•••• 6789"
    assert (owed(order), payouts_of(account_id=order.account.id)) == (0, [])
    for again in (
        lambda: tell_whereto(refund_id=refund_id, whereto=PHONE, now=NOON),
        lambda: take_to_balance_at_once(refund_id=refund_id, now=NOON),
        lambda: ask_whereto(refund_id=refund_id, now=NOON),
        lambda: open_details(refund_id=refund_id, actor_id=1, now=NOON),
    ):
        with pytest.raises(NotOwedByHand):
            again()
    assert details() == []
    assert payouts_at_desk(is_paid=True, employee_id=1, now=NOON)[0][0].note == "Поручение 17"


def test_the_owner_takes_it_onto_the_balance_at_once(returning, failed):  # noqa: F811
    order, number, refund_id = failed
    amount, bank, has = owed(order), balance_of(BANK), wallet(order)[2]
    tell_whereto(refund_id=refund_id, whereto=ACCOUNT, now=NOON)

    take_to_balance_at_once(refund_id=refund_id, now=NOON)

    assert refunds() == [("to_balance", amount)]
    assert (wallet(order)[2], owed(order), balance_of(BANK)) == (has + amount, 0, bank)
    assert the_return(number).state == "closed"
    assert details() == []
    with pytest.raises(NotOwedByHand):
        settle_by_hand(refund_id=refund_id, actor_id=returning.clerk.id, note="", now=NOON)


def test_it_is_paid_by_hand_or_taken_onto_the_balance_but_never_both(returning, failed):  # noqa: F811
    order, _, refund_id = failed
    amount, before = owed(order), wallet(order)[2] + balance_of(BANK)

    came = together(
        returning.app,
        lambda: settle_manually(
            refund_id=refund_id, actor_id=returning.clerk.id, note="17", now=NOON
        ),
        lambda: take_to_balance_at_once(refund_id=refund_id, now=NOON),
    )

    assert sum(isinstance(one, NotOwedByHand) for one in came) == 1
    kept = db.session.get_one(PaymentRefund, refund_id, populate_existing=True)
    on_balance = amount if kept.state == "to_balance" else -amount
    assert wallet(order)[2] + balance_of(BANK) == before + on_balance
    assert owed(order) == 0


def test_where_the_bank_sent_it_back_the_owner_is_asked_anew(returning, failed):  # noqa: F811
    _, _, refund_id = failed
    tell_whereto(refund_id=refund_id, whereto=ACCOUNT, now=NOON)
    open_details(refund_id=refund_id, actor_id=returning.clerk.id, now=NOON)

    ask_whereto(refund_id=refund_id, now=NOON, remark="Счёт закрыт")

    assert details() == []
    assert [one["remark"] for one in letters("payout_wanted")] == ["", "Счёт закрыт"]
    tell_whereto(refund_id=refund_id, whereto=PHONE, now=NOON)
    assert [one.way for one in details()] == ["sbp"]


def test_a_second_press_asks_nobody_again(failed):
    _, _, refund_id = failed
    tell_whereto(refund_id=refund_id, whereto=ACCOUNT, now=NOON)

    for second in range(2):
        ask_whereto(refund_id=refund_id, now=NOON + timedelta(seconds=second), remark="Счёт закрыт")

    assert [one["remark"] for one in letters("payout_wanted")] == ["", "Счёт закрыт"]


def test_nothing_is_told_of_money_that_a_gateway_is_at(returning):  # noqa: F811
    order = returning.order()
    returning.cancel(order, {order.teapots: 1})
    refund_id = db.session.scalars(select(PaymentRefund.id)).one()

    with pytest.raises(NotOwedByHand):
        tell_whereto(refund_id=refund_id, whereto=ACCOUNT, now=NOON)

    assert details() == []


@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_letters_read_whole(returning, failed, language):  # noqa: F811
    order, _, refund_id = failed
    tell_whereto(refund_id=refund_id, whereto=PHONE, now=NOON)
    ask_whereto(refund_id=refund_id, now=NOON, remark="Счёт закрыт")
    tell_whereto(refund_id=refund_id, whereto=ACCOUNT, now=NOON + timedelta(hours=1))
    settle_by_hand(refund_id=refund_id, actor_id=returning.clerk.id, note="17", now=NOON)

    asked = mail.render(
        letter="payout_wanted", language=language, facts=letters("payout_wanted")[1]
    )
    told = mail.render(
        letter="payout_whereto", language=language, facts=letters("payout_whereto")[1]
    )
    done = mail.render(letter="payout_done", language=language, facts=letters("payout_done")[0])

    assert f"/my/payouts/{refund_id}" in asked.text and "Счёт закрыт" in asked.html
    assert order.number in asked.text and "₽" in asked.subject
    assert "•••• 6789" in done.text
    by_phone = mail.render(
        letter="payout_whereto", language=language, facts=letters("payout_whereto")[0]
    )
    assert f"{PHONE.end}, Сбер" in by_phone.text
    assert "•••• 6789" in told.text and f"/my/payouts/{refund_id}" in told.html
    for letter in (asked, by_phone, told, done):
        assert "%(" not in letter.text + letter.html and "40817" not in letter.text + letter.html


def test_a_refund_that_arrived_says_of_what_it_is(returning):  # noqa: F811
    order = returning.order()
    returning.cancel(order, {order.teapots: 1})
    returning.work()

    letter = letters("payment_returned")[0]

    assert (letter["is_surplus"], letter["is_certificate"]) == (False, False)
    text = mail.render(letter="payment_returned", language="en", facts=letter).text
    assert "waited for no payment" not in text and order.number in text
