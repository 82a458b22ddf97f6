from datetime import timedelta

import pytest
from factories import NOON
from sqlalchemy import update

from shop.db import db
from shop.models import Account
from shop.queries.security.farewell import due_accounts, farewell_of


def ending(person, at=NOON):
    db.session.execute(update(Account).where(Account.id == person.id).values(ends_at=at))
    db.session.commit()


def test_nothing_stands_in_the_way_of_most_people(inside, make):
    igor = make.account()
    make.order(igor, state="received")
    make.order(igor, state="expired")
    make.order(make.account(), state="paid")

    found = farewell_of(account_id=igor.id)

    assert (found.ends_at, found.is_employees, found.open_orders) == (None, False, ())


def test_orders_under_way_are_named_the_oldest_first(inside, make):
    igor = make.account()
    later = make.order(igor, state="shipped", placed_at=NOON + timedelta(hours=1))
    first = make.order(igor, state="paid")

    found = farewell_of(account_id=igor.id)

    assert [(one.number, one.state, one.total_kopecks) for one in found.open_orders] == [
        (first.number, "paid", 178900),
        (later.number, "shipped", 178900),
    ]


@pytest.mark.parametrize("role", ["owner", "catalog", "support"])
def test_an_employee_is_known(inside, make, role):
    assert farewell_of(account_id=make.employee(role).id).is_employees is True


def test_accounts_whose_day_has_come_are_due_the_longest_waiting_first(inside, make):
    first, second, later, ended, nobody = (make.account() for _ in range(5))
    ending(second, NOON - timedelta(hours=1))
    ending(first, NOON - timedelta(hours=2))
    ending(later, NOON + timedelta(seconds=1))
    ending(ended)
    db.session.execute(update(Account).where(Account.id == ended.id).values(ended_at=NOON))
    db.session.commit()

    assert due_accounts(now=NOON) == [first.id, second.id]
    assert nobody.ends_at is None
