"""Calling off on the order's page: what is shown beforehand is what happens, with scripts and without."""

from datetime import timedelta

import pytest
from browser import Browser
from factories import NOON
from lxml import html
from ordered import bring
from returning import Returning
from sqlalchemy import select

from shop.db import db
from shop.models import Cancellation, Order, OrderLine, Parcel
from shop.rules.money import written
from shop.services.orders import accept_order, choose_method, dispatch_parcel, expire_order


def form_of(page):
    """What the page's form would send."""
    form = html.fromstring(page.text).xpath(
        "//main//form[@method='post'][.//input[@name='csrf_token']]"
    )
    chosen = next(one for one in form if one.get("action", "").endswith("/cancellation"))
    return {name: value or "" for name, value in chosen.form_values()}


def state_of(app, order):
    with app.app_context():
        return db.session.scalars(select(Order.state).where(Order.id == order.id)).one()


@pytest.fixture
def igor(client, make):
    """Somebody signed in."""
    account = make.account()
    client.become(account)
    return account


def test_a_parcel_counts_what_travels_in_it(app, client, make):
    people = Returning(app, make)
    order = people.order()
    client.become(order.account)

    def counts():
        page = html.fromstring(client.get(f"/my/orders/{order.number}").text)
        tapes = page.xpath("//*[@class='parcel__tape']")
        return [" ".join(tape.text_content().split()).rpartition(", ")[2] for tape in tapes]

    assert counts() == ["3 товара", "2 товара"]
    with app.app_context():
        people.cancel(order, {order.teapots: 1, order.cups: 2})

    # Of a parcel that nobody sends the page tells what was in it.
    assert counts() == ["2 товара", "2 товара"]


def test_an_unpaid_order_is_called_off_by_one_button(app, client, make, igor):
    order = make.order(igor, state="awaiting_payment")
    page = client.get(f"/my/orders/{order.number}/cancellation")
    assert "The order isn't paid" in page.text or "не оплачен" in page.text

    answer = client.post(f"/my/orders/{order.number}/cancellation", data=form_of(page))

    assert answer.location == f"/my/orders/{order.number}"
    assert state_of(app, order) == "canceled"


def test_the_second_press_of_a_double_click_ends_as_the_first(app, client, make, igor):
    order = make.order(igor, state="awaiting_payment")
    address = f"/my/orders/{order.number}/cancellation"
    typed = form_of(client.get(address))

    first, second = client.post(address, data=typed), client.post(address, data=typed)

    assert (first.status_code, first.location) == (303, f"/my/orders/{order.number}")
    assert (second.status_code, second.location) == (303, f"/my/orders/{order.number}")
    assert state_of(app, order) == "canceled"


def test_an_order_whose_time_was_over_first_is_called_off_all_the_same(app, client, make, igor):
    order = make.order(igor, state="awaiting_payment")
    address = f"/my/orders/{order.number}/cancellation"
    typed = form_of(client.get(address))
    with app.app_context():
        expire_order(order_id=order.id, now=NOON + timedelta(minutes=31))

    answer = client.post(address, data=typed)

    assert answer.location == f"/my/orders/{order.number}"
    assert state_of(app, order) == "expired"


def test_an_order_that_was_paid_meanwhile_is_not_said_to_be_called_off(app, client, make, igor):
    order = make.order(igor, make.product(price=1490), state="awaiting_payment")
    address = f"/my/orders/{order.number}/cancellation"
    typed = form_of(client.get(address))
    with app.app_context():
        bring(order.id, [], "paid", NOON)

    answer = client.post(address, data=typed)

    assert answer.status_code == 422
    assert "Ничего не отменено: заказ за это время оплатили" in answer.text
    assert state_of(app, order) == "paid"
    # What the page now shows is called off by its button.
    assert "1 789 ₽" in answer.text.replace("\xa0", " ")
    assert client.post(address, data=form_of(answer)).location == f"/my/orders/{order.number}"
    assert state_of(app, order) == "canceled"


def test_an_order_paid_and_sent_since_then_says_so(app, client, make, igor):
    order = make.order(igor, state="awaiting_payment")
    address = f"/my/orders/{order.number}/cancellation"
    typed = form_of(client.get(address))
    with app.app_context():
        bring(order.id, make.parcel_ids(order.id), "shipped", NOON)

    answer = client.post(address, data=typed)

    assert answer.status_code == 422
    assert 'role="alert"' in answer.text and '<form class="stack"' not in answer.text
    assert state_of(app, order) == "shipped"


def test_a_paid_order_shows_what_comes_back_and_then_it_does(app, client, make, igor, queries):
    order = make.order(igor, make.product(price=1490), make.product(price=500))
    queries.clear()
    page = client.get(f"/my/orders/{order.number}/cancellation")
    assert len(queries) == 3
    # 1 490 + 500 + 299 of delivery.
    assert "2 289 ₽" in page.text.replace("\xa0", " ")

    answer = client.post(f"/my/orders/{order.number}/cancellation", data=form_of(page))

    assert answer.location == f"/my/orders/{order.number}"
    assert state_of(app, order) == "canceled"
    shown = client.get(answer.location)
    assert "2 289 ₽" in shown.text.replace("\xa0", " ")
    with app.app_context():
        assert db.session.scalars(select(Cancellation.outside_kopecks)).all() == [228_900]


def test_a_part_is_chosen_and_its_sums_follow(app, client, htmx, make, igor):
    order = make.order(igor, make.product(price=1490), make.product(price=500))
    address = f"/my/orders/{order.number}/cancellation"
    with app.app_context():
        one, _ = db.session.scalars(select(OrderLine.id).order_by(OrderLine.id)).all()
    typed = form_of(client.get(f"{address}?part=1"))
    assert typed["note"] == "" and f"units-{one}" not in typed

    htmx.become(igor)
    part = htmx.post(f"{address}/sums", data=typed | {f"units-{one}": "1"})

    assert "<h1" not in part.text and 'id="split"' in part.text
    assert "1 490 ₽" in part.text.replace("\xa0", " ")
    note = html.fromstring(part.text).xpath("//input[@name='note']/@value")[0]
    answer = client.post(address, data=typed | {f"units-{one}": "1", "note": note})
    assert answer.location == f"/my/orders/{order.number}"
    assert state_of(app, order) == "paid"
    page = html.fromstring(client.get(f"/my/orders/{order.number}").text)
    rows = [" ".join(row.xpath("normalize-space(.)").split()) for row in page.xpath("//dl/div")]
    assert "Возвращаем вам1 490 ₽" in rows
    assert len(page.xpath("//li[contains(@class, 'line--gone')]//s")) == 1


def test_without_script_other_sums_are_shown_before_anything_happens(app, client, make, igor):
    order = make.order(igor, make.product(price=1490), make.product(price=500))
    address = f"/my/orders/{order.number}/cancellation"
    typed = form_of(client.get(address))
    del typed[next(name for name in typed if name.startswith("units-"))]

    answer = client.post(address, data=typed)

    assert answer.status_code == 422
    assert state_of(app, order) == "paid"
    assert "500 ₽" in answer.text.replace("\xa0", " ")
    done = client.post(address, data=form_of(answer))
    assert done.location == f"/my/orders/{order.number}"
    with app.app_context():
        assert db.session.scalars(select(OrderLine.canceled).order_by(OrderLine.id)).all() == [0, 1]


def test_nothing_chosen_is_said_and_nothing_happens(app, client, make, igor):
    order = make.order(igor)
    address = f"/my/orders/{order.number}/cancellation"
    typed = form_of(client.get(f"{address}?part=1"))

    answer = client.post(address, data=typed)

    assert answer.status_code == 422 and 'role="alert"' in answer.text
    assert state_of(app, order) == "paid"


def test_what_has_left_meanwhile_is_not_called_off(app, client, make, igor):
    order = make.order(igor, state="assembling")
    address = f"/my/orders/{order.number}/cancellation"
    typed = form_of(client.get(address))
    with app.app_context():
        dispatch_parcel(
            parcel_id=make.parcel_ids(order.id)[0], track="", actor="staff:1", now=make.later()
        )

    answer = client.post(address, data=typed)

    assert answer.status_code == 422
    assert state_of(app, order) == "shipped"
    assert f"/my/returns/order/{order.number}" not in client.get(f"/my/orders/{order.number}").text


def test_a_guest_signs_in_first_and_nobody_else_finds_it(app, client, make, igor):
    order = make.order(igor)
    address = f"/my/orders/{order.number}/cancellation"

    assert Browser(app).get(address).location.startswith("/auth/login")
    other = Browser(app).become(make.account())
    assert other.get(address).status_code == 404
    assert other.post(address).status_code == 404
    assert state_of(app, order) == "paid"


def test_what_was_called_off_is_not_taken_at_the_door(app, client, other_client, make, igor):
    things = make.product(price=1490), make.product(price=500)
    order = make.order(igor, *things, parcels=2, state="awaiting_payment")
    with app.app_context():
        choose_method(order_id=order.id, method="on_receipt")
        accept_order(order_id=order.id, now=NOON)
        one, _ = db.session.scalars(select(OrderLine.id).order_by(OrderLine.id)).all()
    desk = f"/staff/orders/{order.number}"
    clerk = other_client.become(make.employee("fulfilment"))
    before = flat(clerk.get(desk))
    address = f"/my/orders/{order.number}/cancellation"
    typed = form_of(client.get(f"{address}?part=1")) | {f"units-{one}": "1"}
    shown = client.post(f"{address}/sums", data=typed)
    assert "Деньги отправим на карту" not in shown.text
    client.post(address, data=typed | {"note": form_of(shown)["note"]})

    page, after = flat(client.get(f"/my/orders/{order.number}")), flat(clerk.get(desk))

    total = order.total_kopecks
    left = total - 149_000 - carriage_of(app, order, 1)
    assert f"взять при получении: {written(total)}".replace("\xa0", " ") in before
    assert f"взять при получении: {written(left)}".replace("\xa0", " ") in after
    assert "К оплате при получении" in page and written(left).replace("\xa0", " ") in page
    tree = html.fromstring(page)
    assert len(tree.xpath("//ol[@class='track']")) == 1
    assert not tree.xpath("//ol[@class='track']/li[contains(., 'Оплачен')]")


def flat(page):
    return page.text.replace("\xa0", " ")


def carriage_of(app, order, position):
    with app.app_context():
        found = select(Parcel.delivery_kopecks).where(
            Parcel.order_id == order.id, Parcel.position == position
        )
        return db.session.scalars(found).one()


def test_the_button_says_what_is_called_off_and_a_link_leads_back(client, htmx, make, igor):
    order = make.order(igor, make.product(price=500), make.product(price=300), state="paid")
    address = f"/my/orders/{order.number}/cancellation"

    def deeds(page):
        read = html.fromstring(page.text)
        button = read.xpath("//section[@id='split']//button")[0].text_content().strip()
        link = read.xpath("//section[@id='split']//a")[-1]
        return button, link.text_content().strip(), link.get("href")

    whole = client.get(address)
    typed = form_of(whole)
    one = next(name for name in typed if name.startswith("units-"))
    del typed[one]

    htmx.become(igor)
    back = ("Не отменять", f"/my/orders/{order.number}")
    assert deeds(whole) == ("Отменить заказ", *back)
    assert deeds(htmx.post(f"{address}/sums", data=typed)) == ("Отменить 1 шт.", *back)
    assert deeds(client.get(f"{address}?part=1")) == ("Отменить выбранное", *back)
