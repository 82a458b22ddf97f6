"""The owner switches ways to pay on and off."""

import pytest
from factories import NOON
from sqlalchemy import select

from shop.db import db
from shop.models import PaymentMethod
from shop.queries.payments import switched_by, ways_to_pay
from shop.services.payments import NoSuchMethod, switch_method


def kept():
    rows = db.session.scalars(select(PaymentMethod).order_by(PaymentMethod.code))
    return [(row.code, row.is_on, row.changed_by) for row in rows]


def test_a_way_that_is_off_in_production_is_offered_once_it_is_switched_on(inside, make):
    owner = make.employee("owner")
    values = {"code": "paypal", "actor_id": owner.id, "is_production": True, "now": NOON}
    assert "paypal" not in {one.code for one in ways_to_pay(is_production=True)}

    assert switch_method(is_on=True, **values)

    assert "paypal" in {one.code for one in ways_to_pay(is_production=True)}
    assert kept() == [("paypal", True, owner.id)]
    assert switched_by() == {"paypal": "Секретов Игорь"}


def test_what_stands_so_already_stays_as_it_is(inside, make):
    owner = make.employee("owner")
    values = {"actor_id": owner.id, "is_production": True, "now": NOON}

    assert not switch_method(code="sbp", is_on=True, **values)
    assert not switch_method(code="paypal", is_on=False, **values)

    assert kept() == []


def test_of_two_owners_the_second_changes_nothing(inside, make):
    first, second = make.employee("owner"), make.employee("owner")
    values = {"code": "sbp", "is_on": False, "is_production": False, "now": NOON}
    assert switch_method(actor_id=first.id, **values)

    assert not switch_method(actor_id=second.id, **values)

    assert kept() == [("sbp", False, first.id)]


def test_an_unknown_way_is_refused(inside, make):
    owner = make.employee("owner")

    with pytest.raises(NoSuchMethod):
        switch_method(code="bitcoin", is_on=True, actor_id=owner.id, is_production=False, now=NOON)

    assert kept() == []
