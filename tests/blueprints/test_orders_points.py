"""What an order brings in points stands on its page and on the page after paying, and from when on."""

from datetime import UTC, datetime, timedelta

import pytest
from factories import NOON
from returning import Returning

from shop.queries.ledger import balances_of
from shop.queries.points import points_to_come
from shop.services.points import mature_due


@pytest.fixture
def people(app, make, client):
    return Returning(app, make)


def points_of(order):
    return balances_of(account_id=order.account.id).points


def flat(page):
    return page.text.replace("\xa0", " ")


def test_points_on_the_way_are_told_with_about_a_day(app, client, people):
    order = people.order(stage="shipped")
    client.become(order.account)
    with app.app_context():
        to_come = points_to_come(order_id=order.order_id)
    # The parcels are promised for the 27th of November; seven days more for returns, and on the next they count.
    about = to_come.usable_about(today=datetime(2026, 11, 26, tzinfo=UTC).date(), return_days=7)
    assert about.isoformat() == "2026-12-05"

    page = flat(client.get(f"/my/orders/{order.number}"))
    thanks = flat(client.get(f"/my/orders/{order.number}/payment"))

    for text in (page, thanks):
        assert f"+{to_come.on_the_way} " in text and "станут доступны примерно" in text


def test_after_a_part_came_back_the_rest_is_told(app, client, people):
    order = people.order(stage="received")
    client.become(order.account)
    with app.app_context():
        before = points_to_come(order_id=order.order_id).pending
        people.give_back(order, {order.teapots: 2})
        after = points_to_come(order_id=order.order_id).pending

    page = flat(client.get(f"/my/orders/{order.number}"))

    assert 0 < after < before
    assert f"+{after} " in page and "станут доступны 2 декабря" in page


def test_points_that_counted_already_are_told_without_those_that_went_back_with_the_goods(
    app, client, people
):
    order = people.order(stage="received", points=0)
    client.become(order.account)
    later = NOON + timedelta(days=30)
    with app.app_context():
        mature_due(now=later)
        before, had = points_to_come(order_id=order.order_id), points_of(order)
        part = people.ask(order, {order.teapots: 1}, "defect", now=later)
        people.bring_back(part, now=later)
        after = points_to_come(order_id=order.order_id)
        assert before.counted - after.counted == had - points_of(order)
    assert (before.pending, after.pending) == (0, 0)
    assert 0 < after.counted < before.counted

    page = flat(client.get(f"/my/orders/{order.number}"))
    assert f"+{after.counted} " in page and "уже у вас" in page

    with app.app_context():
        rest = people.ask(order, {order.teapots: 2, order.cups: 2}, "defect", key="r2", now=later)
        people.bring_back(rest, now=later)
    assert "уже у вас" not in flat(client.get(f"/my/orders/{order.number}"))


def test_an_order_that_brings_none_says_nothing_of_points(client, make):
    account = make.account()
    client.become(account)
    order = make.order(account, state="canceled")

    assert "Баллы за заказ" not in client.get(f"/my/orders/{order.number}").text
