"""Whose hands money goes through: nobody decides about their own, and a large sum takes two employees."""

from dataclasses import replace

import pytest
from certifying import sold
from factories import NOON
from returning import return_lines, returning  # noqa: F401  (the fixture)
from sqlalchemy import select
from squaring import books_are_right, refunds, the_return  # noqa: F401  (the fixture)

from shop.db import db
from shop.models import AccountEvent, Certificate, Order, PaymentRefund, PayoutDetails
from shop.queries.payments import payout_of
from shop.rules.ledger import BANK, balance, flow
from shop.rules.staff import NeedsAnother, OwnMoney
from shop.services.ledger import post
from shop.services.payments import (
    Whereto,
    ask_whereto,
    open_details,
    pay_out_balance,
    tell_whereto,
)
from shop.services.returns import (
    Looked,
    approve,
    cancel_by_shop,
    inspect,
    receive,
    refund,
    reject,
    settle_manually,
)
from shop.services.returns.certificates import take_certificate_back

ACCOUNT = Whereto("account", "Петрова Анна Игоревна", "044525225", "40817810838123456789")


@pytest.fixture
def two_from(inside, monkeypatch):
    """Say from how many roubles on it takes two."""

    def say(roubles):
        config = replace(inside.extensions["shop_config"], two_people_from=roubles)
        monkeypatch.setitem(inside.extensions, "shop_config", config)

    return say


@pytest.fixture
def vera(make, inside):
    return make.employee("support")


@pytest.fixture
def olga(make, inside):
    return make.employee("fulfilment")


def looked_at(returning, order, chosen, who, agreed_by=None):  # noqa: F811
    """A demand for pieces of an order, agreed to and looked at; return its number."""
    number = returning.ask(order, chosen)
    approve(number=number, actor_id=(agreed_by or who).id, now=NOON)
    receive(number=number, now=NOON)
    inspect(**look(number, who))
    return number


def look(number, who):
    found = {line.id: Looked(line.quantity, True) for line in return_lines(number)}
    return {"number": number, "found": found, "remark": "", "actor_id": who.id, "now": NOON}


def test_no_employee_decides_about_a_return_of_their_own(returning, vera, olga):  # noqa: F811
    order = returning.order(account=vera, stage="received")
    number = returning.ask(order, {order.teapots: 1})
    told = {"number": number, "actor_id": vera.id, "now": NOON}

    with pytest.raises(OwnMoney):
        approve(**told)
    with pytest.raises(OwnMoney):
        reject(refusal="Нет", **told)
    assert the_return(number).state == "requested"
    approve(**told | {"actor_id": olga.id})
    receive(number=number, now=NOON)
    with pytest.raises(OwnMoney):
        inspect(**look(number, vera))
    assert the_return(number).state == "received"
    inspect(**look(number, olga))
    with pytest.raises(OwnMoney):
        refund(**told)

    assert (the_return(number).state, the_return(number).inspected_by) == ("inspected", olga.id)
    assert refunds() == []
    refund(**told | {"actor_id": olga.id})
    assert the_return(number).state == "refunded"


def test_nor_does_an_owner(returning, make):  # noqa: F811
    owner = make.employee("owner")
    order = returning.order(account=owner, stage="received")
    number = returning.ask(order, {order.teapots: 1})

    with pytest.raises(OwnMoney):
        approve(number=number, actor_id=owner.id, now=NOON)


def test_no_employee_calls_off_an_order_of_their_own_for_the_shop(returning, vera, olga):  # noqa: F811
    order = returning.order(account=vera)
    told = {"number": order.number, "reason": "carrier", "once_key": "k", "now": NOON}

    with pytest.raises(OwnMoney):
        cancel_by_shop(**told, actor_id=vera.id)

    assert db.session.scalars(select(Order.state)).one() == "paid"
    assert refunds() == []
    assert cancel_by_shop(**told, actor_id=olga.id)


def test_no_employee_pays_money_out_to_themselves(returning, vera, olga):  # noqa: F811
    returning.order(account=vera)
    lines = list(flow(BANK, balance(vera.id), 100))
    post(once_key="b", kind="test", lines=lines, reference="", actor="shop", now=NOON)
    refund_id = pay_out_balance(account_id=vera.id, now=NOON)
    tell_whereto(refund_id=refund_id, whereto=ACCOUNT, now=NOON)
    told = {"refund_id": refund_id, "actor_id": vera.id, "now": NOON}

    for deed in (
        lambda: open_details(**told),
        lambda: settle_manually(**told, note="17"),
        lambda: ask_whereto(**told, remark="Счёт закрыт"),
    ):
        with pytest.raises(OwnMoney):
            deed()

    kept = db.session.scalars(select(PayoutDetails)).one()
    assert (kept.opened_by, kept.account_number) == (None, ACCOUNT.account_number)
    assert ("manual_due", 100) in refunds()
    kinds = db.session.scalars(select(AccountEvent.kind)).all()
    assert "payout_details_opened" not in kinds
    open_details(**told | {"actor_id": olga.id})


def test_no_employee_gives_back_a_certificate_they_bought(vera, olga):
    serial = sold(vera).serial

    with pytest.raises(OwnMoney):
        take_certificate_back(serial=serial, actor_id=vera.id, now=NOON)

    assert db.session.scalars(select(Certificate.state)).one() == "sold"
    # As the buyer, within the days that every buyer has.
    assert take_certificate_back(serial=serial, account_id=vera.id, now=NOON) == 300_000


def test_a_large_refund_is_said_by_another_than_who_looked_at_the_goods(
    returning,  # noqa: F811
    two_from,
    vera,
    olga,
):
    order = returning.order(stage="received")
    number = looked_at(returning, order, order.all_teapots, vera)
    back = returning_sum(number)
    two_from(back // 100)

    with pytest.raises(NeedsAnother):
        refund(number=number, actor_id=vera.id, now=NOON)

    assert the_return(number).state == "inspected"
    assert refunds() == []
    refund(number=number, actor_id=olga.id, now=NOON)
    kept = the_return(number)
    assert kept.balance_kopecks + kept.outside_kopecks == back
    assert kept.state == "refunded"


def returning_sum(number):
    """The balance and the outside money that was promised."""
    kept = the_return(number)
    return kept.balance_kopecks + kept.outside_kopecks


@pytest.mark.parametrize("why", ["a rouble less", "off", "the owner"])
def test_one_person_is_enough(returning, two_from, make, why):  # noqa: F811
    order = returning.order(stage="received")
    clerk = make.employee("owner" if why == "the owner" else "support")
    number = looked_at(returning, order, order.all_teapots, clerk)
    roubles = returning_sum(number) // 100
    two_from({"a rouble less": roubles + 1, "off": 0, "the owner": 1}[why])

    refund(number=number, actor_id=clerk.id, now=NOON)

    assert the_return(number).state == "refunded"


def test_points_and_presents_that_go_back_do_not_count(returning, two_from, vera):  # noqa: F811
    order = returning.order(stage="received")
    number = looked_at(returning, order, order.all_teapots, vera)
    assert the_return(number).points and the_return(number).promo_kopecks
    two_from(returning_sum(number) // 100 + 1)

    refund(number=number, actor_id=vera.id, now=NOON)

    assert the_return(number).state == "refunded"


def test_a_large_payout_is_made_by_another_than_who_decided_about_the_return(
    returning,  # noqa: F811
    two_from,
    make,
    vera,
    olga,
):
    order = returning.order(method="on_receipt", stage="received")
    number = looked_at(returning, order, order.all_teapots, olga, agreed_by=vera)
    payer = make.employee("support")
    refund(number=number, actor_id=payer.id, now=NOON)
    owed = db.session.scalars(select(PaymentRefund)).one()
    refund_id, roubles = owed.id, owed.amount_kopecks // 100
    tell_whereto(refund_id=refund_id, whereto=ACCOUNT, now=NOON)
    assert payout_of(refund_id=refund_id).decided_by == {vera.id, olga.id}
    two_from(roubles)

    for who in (vera, olga):
        told = {"refund_id": refund_id, "actor_id": who.id, "now": NOON}
        with pytest.raises(NeedsAnother):
            settle_manually(**told, note="17")
        with pytest.raises(NeedsAnother):
            open_details(**told)
    assert [state for state, _ in refunds()] == ["manual_due"]
    assert db.session.scalars(select(PayoutDetails.opened_by)).one() is None

    open_details(refund_id=refund_id, actor_id=payer.id, now=NOON)
    settle_manually(refund_id=refund_id, actor_id=payer.id, note="17", now=NOON)

    assert [state for state, _ in refunds()] == ["paid_manually"]


def test_who_called_a_large_order_off_does_not_pay_it_out_either(
    returning,  # noqa: F811
    two_from,
    vera,
    olga,
):
    order = returning.order()
    told = {"reason": "carrier", "once_key": "k", "now": NOON}
    two_from(1)
    cancel_by_shop(number=order.number, actor_id=vera.id, **told)
    refund_id = by_hand()
    pay = {"refund_id": refund_id, "note": "17", "now": NOON}

    with pytest.raises(NeedsAnother):
        settle_manually(**pay, actor_id=vera.id)
    settle_manually(**pay, actor_id=olga.id)

    assert [state for state, _ in refunds()] == ["paid_manually"]


def test_nor_who_gave_a_certificate_back(returning, two_from, vera, olga):  # noqa: F811
    serial = sold(returning.order().account).serial
    two_from(1)
    take_certificate_back(serial=serial, actor_id=vera.id, now=NOON)
    refund_id = by_hand()

    assert payout_of(refund_id=refund_id).decided_by == {vera.id}


def by_hand():
    """The one refund, as if its gateway had failed."""
    owed = db.session.scalars(select(PaymentRefund)).one()
    owed.state = "manual_due"
    db.session.commit()
    return owed.id


def test_where_no_employee_has_decided_one_is_enough(returning, two_from, vera):  # noqa: F811
    order = returning.order(balance=100_001, points=0, promo=0)
    returning.cancel(order, order.everything)
    two_from(1)
    refund_id = pay_out_balance(account_id=order.account.id, now=NOON)
    assert payout_of(refund_id=refund_id).decided_by == frozenset()

    settle_manually(refund_id=refund_id, actor_id=vera.id, note="17", now=NOON)

    assert ("paid_manually", 100_001) in refunds()
