"""What an order brings in points stands on its page and on the page after paying, and from when on."""

from datetime import UTC, datetime

import pytest
from returning import Returning

from shop.queries.points import points_to_come


@pytest.fixture
def people(app, make, client):
    return Returning(app, make)


def flat(page):
    return page.text.replace("\xa0", " ")


def test_points_on_the_way_are_told_with_about_a_day(app, client, people):
    order = people.order(stage="shipped")
    client.become(order.account)
    with app.app_context():
        to_come = points_to_come(order_id=order.order_id)
    # The parcels are promised for the 27th of November; seven days more for returns.
    about = to_come.usable_about(today=datetime(2026, 11, 26, tzinfo=UTC).date(), return_days=7)
    assert about.isoformat() == "2026-12-04"

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
    assert f"+{after} " in page and "можно тратить с 1 декабря" in page


def test_an_order_that_brings_none_says_nothing_of_points(client, make):
    account = make.account()
    client.become(account)
    order = make.order(account, state="canceled")

    assert "Баллы за заказ" not in client.get(f"/my/orders/{order.number}").text
