from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from lxml import html
from returning import Returning
from sqlalchemy import select

from shop.db import db
from shop.models import OrderEvent, Parcel, PointsPromise
from shop.rules.terms import day_is_over
from shop.services.returns import cancel_by_shop


@pytest.fixture
def packer(make, client):
    account = make.employee(given_name="Анна", family_name="Белова")
    client.become(account)
    return account


@pytest.fixture
def order(make):
    return make.order(make.account(), make.product(name="Чайник"))


@pytest.fixture
def parcel(make, order):
    return make.parcel_ids(order.id)[0]


def state_of(app, parcel):
    with app.app_context():
        return db.session.scalar(select(Parcel.state).where(Parcel.id == parcel))


def test_a_guest_is_asked_to_sign_in(client):
    assert client.get("/staff/orders/").status_code == 303


def test_for_a_customer_the_door_is_not_there(client, make, order, parcel, app):
    client.become(make.account())

    assert client.get("/staff/orders/").status_code == 404
    assert client.get(f"/staff/orders/{order.number}").status_code == 404
    step = client.post(f"/staff/orders/{order.number}/parcels/{parcel}/assembly")
    assert step.status_code == 404
    assert state_of(app, parcel) == "waiting"


def test_an_employee_of_another_desk_is_refused(client, make, order, parcel, app):
    client.become(make.employee(role="moderator"))

    assert client.get("/staff/orders/").status_code == 403
    step = client.post(f"/staff/orders/{order.number}/parcels/{parcel}/assembly")
    assert step.status_code == 403
    assert state_of(app, parcel) == "waiting"


def test_the_owner_may_do_everything(client, make, order):
    client.become(make.employee(role="owner"))

    assert client.get("/staff/orders/").status_code == 200


def test_a_step_is_not_taken_by_looking(client, packer, order, parcel):
    assert client.get(f"/staff/orders/{order.number}/parcels/{parcel}/assembly").status_code == 405


def test_the_desk_opens_with_what_is_to_be_assembled(client, packer, make, order):
    make.order(make.account(), state="shipped")

    page = client.get("/staff/orders/").text

    assert order.number in page
    assert "Оплачен 1" in page and "В пути 1" in page and "Собираем 0" in page


def test_the_desk_finds_an_order_by_its_number(client, packer, make):
    order = make.order(make.account(), state="received")

    page = client.get(f"/staff/orders/?q={order.number}").text

    assert f'href="/staff/orders/{order.number}"' in page
    assert "Найден 1 заказ" in page


@pytest.mark.parametrize("query", ["state=lost", "page=0", "page=-3"])
def test_a_list_that_cannot_be_is_not_there(client, packer, query):
    assert client.get(f"/staff/orders/?{query}").status_code == 404


def test_an_order_at_the_desk_tells_what_is_needed(client, packer, order, queries):
    queries.clear()

    page = client.get(f"/staff/orders/{order.number}").text

    for told in ("Чайник", "Склад «Tver»", "Секретов Игорь", "+7 916 123-45-67", "Собрать"):
        assert told in page
    assert len(queries) == 4


def test_an_order_that_is_not_there_is_404(client, packer):
    assert client.get("/staff/orders/0000-0000").status_code == 404


def test_a_parcel_goes_from_the_shelf_to_the_hands(
    client, other_client, packer, order, parcel, app
):
    base = f"/staff/orders/{order.number}/parcels/{parcel}"

    for step, data, state in (
        ("assembly", {}, "assembled"),
        ("dispatch", {"track": " RA 123-RU "}, "shipped"),
        ("receipt", {}, "received"),
    ):
        answer = client.post(f"{base}/{step}", data=data)
        assert answer.status_code == 303
        assert state_of(app, parcel) == state

    page = client.get(f"/staff/orders/{order.number}").text
    assert "RA 123-RU" in page
    assert page.count("Анна Белова") == 6
    with app.app_context():
        actors = set(db.session.scalars(select(OrderEvent.actor)))
    assert actors == {"customer", "gateway", f"staff:{packer.id}"}


def test_points_count_when_the_shops_own_days_of_return_are_over(
    client, packer, make, app, monkeypatch
):
    settings = replace(app.extensions["shop_config"], return_days=14)
    monkeypatch.setitem(app.extensions, "shop_config", settings)
    order = Returning(app, make).order(stage="shipped")
    parcel = make.parcel_ids(order.order_id)[0]

    client.post(f"/staff/orders/{order.number}/parcels/{parcel}/receipt")

    with app.app_context():
        received_at = db.session.get_one(Parcel, parcel).received_at
        matures_at = db.session.scalars(select(PointsPromise.matures_at)).one()
    assert matures_at == day_is_over(received_at + timedelta(days=14), settings.shop_time_zone)


def test_the_customer_sees_the_move(client, other_client, packer, make, app):
    account = make.account()
    order = make.order(account, state="assembling")
    (parcel,) = make.parcel_ids(order.id)
    other_client.become(account)
    before = other_client.get(f"/my/orders/{order.number}").text

    client.post(
        f"/staff/orders/{order.number}/parcels/{parcel}/dispatch", data={"track": "RA777RU"}
    )

    after = other_client.get(f"/my/orders/{order.number}").text
    assert "RA777RU" not in before and "RA777RU" in after
    assert "В пути, приедет" in after


def test_htmx_gets_the_order_with_the_next_step(htmx, make, order, parcel):
    htmx.become(make.employee())

    answer = htmx.post(f"/staff/orders/{order.number}/parcels/{parcel}/assembly")

    assert answer.text.lstrip().startswith('<div class="stack" id="order"')
    assert "Передать в доставку" in answer.text


def test_a_step_taken_meanwhile_is_told(client, packer, order, parcel, app):
    base = f"/staff/orders/{order.number}/parcels/{parcel}"
    client.post(f"{base}/assembly")

    again = client.post(f"{base}/assembly")
    skipped = client.post(f"{base}/receipt")

    assert again.status_code == skipped.status_code == 422
    assert "Этот шаг уже сделан или сейчас невозможен" in again.text
    assert state_of(app, parcel) == "assembled"


def test_an_order_without_money_offers_no_step(client, packer, make, app):
    order = make.order(make.account(), state="awaiting_payment")
    (parcel,) = make.parcel_ids(order.id)

    page = client.get(f"/staff/orders/{order.number}").text
    answer = client.post(f"/staff/orders/{order.number}/parcels/{parcel}/assembly")

    assert "Собрать" not in page
    assert answer.status_code == 422
    assert state_of(app, parcel) == "waiting"


def test_a_strange_track_number_is_refused(client, packer, make, app):
    order = make.order(make.account(), state="assembling")
    (parcel,) = make.parcel_ids(order.id)
    base = f"/staff/orders/{order.number}/parcels/{parcel}"

    for track in ("<b>", "ё" * 5, "A" * 41):
        answer = client.post(f"{base}/dispatch", data={"track": track})
        assert answer.status_code == 422
        assert "трек" in answer.text.lower() or "символ" in answer.text.lower()

    assert state_of(app, parcel) == "assembled"


def test_a_parcel_of_another_order_is_not_there(client, packer, make, order, app):
    other = make.order(make.account())
    (parcel,) = make.parcel_ids(other.id)

    answer = client.post(f"/staff/orders/{order.number}/parcels/{parcel}/assembly")

    assert answer.status_code == 404
    assert state_of(app, parcel) == "waiting"


def test_a_long_list_costs_as_much_as_a_short_one(client, packer, make, queries):
    account = make.account()
    make.order(account)
    queries.clear()
    client.get("/staff/orders/")
    few = len(queries)
    for _ in range(20):
        make.order(account, make.product(), make.product(), parcels=2)
    queries.clear()

    client.get("/staff/orders/")

    assert few == len(queries) == 3


@pytest.fixture
def coming_back(app, make):
    """An order that its customer refused at the door: three teapots and two cups on their way back."""
    people = Returning(app, make)
    order = people.order(stage="shipped")
    with app.app_context():
        cancel_by_shop(
            number=order.number,
            reason="not_taken",
            actor_id=people.clerk.id,
            once_key="k",
            now=datetime.now(UTC),
        )
    return order


def test_goods_that_come_back_are_put_on_the_shelf_by_the_desk(
    app, client, packer, make, coming_back
):
    address = f"/staff/orders/{coming_back.number}"
    parcel = make.parcel_ids(coming_back.order_id)[0]
    field = f"line-{coming_back.teapots}-good"
    page = html.fromstring(client.get(address).text)
    assert page.xpath(f"//input[@name='{field}']/@value") == ["3"]

    empty = client.post(f"{address}/parcels/{parcel}/back", data={field: ""})
    many = client.post(f"{address}/parcels/{parcel}/back", data={field: "7"})
    assert (empty.status_code, many.status_code) == (422, 422)
    assert "Укажите, сколько можно снова продать." in empty.text
    assert "Вернуться не может больше, чем уехало." in many.text
    assert html.fromstring(many.text).xpath(f"//input[@name='{field}']/@value") == ["7"]

    assert coming_back.number in client.get("/staff/orders/?state=coming_back").text
    done = client.post(f"{address}/parcels/{parcel}/back", data={field: "2"})
    assert (done.status_code, done.location) == (303, address)
    page = client.get(address).text
    assert field not in page and "Товары вернулись на склад" in page
    again = client.post(f"{address}/parcels/{parcel}/back", data={field: "2"})
    assert again.status_code == 422 and "уже" in again.text
    assert client.post(f"{address}/parcels/9999/back").status_code == 404


def test_the_customer_reads_that_the_order_was_not_taken(client, coming_back):
    client.become(coming_back.account)

    page = client.get(f"/my/orders/{coming_back.number}").text

    assert "Посылку не забрали, и она вернулась к нам" in page
