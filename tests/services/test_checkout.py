from dataclasses import replace
from datetime import timedelta

import pytest
from factories import NOON
from ordering import HOME, TODAY, count, place, shown_to
from sqlalchemy import select, update

from shop.db import db
from shop.models import (
    Account,
    CartLine,
    Order,
    OrderLine,
    OutboxItem,
    Parcel,
    PaymentAttempt,
    Product,
    Stock,
)
from shop.queries.delivery import CAPITAL
from shop.rules.checkout import Change
from shop.services.checkout import (
    CartChanged,
    NoSuchPoint,
    NothingToOrder,
)


def stock_now():
    rows = db.session.execute(select(Stock.product_id, Stock.quantity))
    return {row.product_id: row.quantity for row in rows}


def test_a_cart_becomes_an_order(inside, make):
    account = make.account()
    pot, tea = make.product(price=1490, old_price_kopecks=200000), make.product(price=300)
    make.in_cart(account, pot, 2)
    make.in_cart(account, tea)

    placed = place(account)

    order = db.session.get_one(Order, placed.order_id)
    assert (order.number, order.state, order.account_id) == (
        placed.number,
        "awaiting_payment",
        account.id,
    )
    assert (order.goods_kopecks, order.delivery_kopecks, order.total_kopecks) == (
        328000,
        29900,
        357900,
    )
    assert order.pay_until == NOON + timedelta(minutes=30)
    attempt = db.session.scalars(select(PaymentAttempt)).one()
    assert (attempt.id, attempt.amount_kopecks, attempt.state) == (placed.attempt_id, 357900, "new")
    stock = stock_now()
    assert stock == {pot.id: 8, tea.id: 9}
    assert count(CartLine) == 0
    assert (
        db.session.scalars(select(OutboxItem)).one().once_key == f"order-{order.id}-order_accepted"
    )


def test_what_is_not_ticked_stays_in_the_cart(inside, make):
    account, pot, tea = make.account(), make.product(), make.product()
    make.in_cart(account, pot)
    make.in_cart(account, tea)
    db.session.execute(
        update(CartLine).where(CartLine.product_id == tea.id).values(is_ticked=False)
    )
    db.session.commit()

    place(account)

    assert db.session.scalars(select(OrderLine.product_id)).all() == [pot.id]
    assert db.session.scalars(select(CartLine.product_id)).all() == [tea.id]


def test_each_parcel_has_its_warehouse_day_and_price(inside, make):
    account = make.account()
    make.warehouse("novosib", latitude=55.03, longitude=82.92)
    make.in_cart(account, make.product(price=900, in_stock={"tver": 1}))
    make.in_cart(account, make.product(price=900, in_stock={"novosib": 1}))

    placed = place(account)

    parcels = db.session.scalars(select(Parcel).order_by(Parcel.position)).all()
    assert [parcel.position for parcel in parcels] == [1, 2]
    assert parcels[0].promised_on < parcels[1].promised_on
    assert sum(parcel.delivery_kopecks for parcel in parcels) == 59800
    assert db.session.get_one(Order, placed.order_id).delivery_kopecks == 59800


def test_a_copy_stays_when_the_product_changes(inside, make):
    account, pot = make.account(), make.product(name="Чайник", price=1490)
    make.in_cart(account, pot)
    place(account)

    db.session.execute(update(Product).values(name="Самовар", price_kopecks=990000))
    db.session.commit()

    line = db.session.scalars(select(OrderLine)).one()
    assert (line.name, line.price_kopecks) == ("Чайник", 149000)


def test_somebody_else_may_receive_it_and_the_account_stays_as_it_is(inside, make):
    account = make.account(phone="+79990000000")
    make.in_cart(account, make.product())

    placed = place(
        account,
        wishes=replace(HOME, recipient_name="Ольга Петрова", recipient_phone="+79161112233"),
    )

    order = db.session.get_one(Order, placed.order_id)
    assert (order.recipient_name, order.recipient_phone) == ("Ольга Петрова", "+79161112233")
    owner = db.session.get_one(Account, account.id)
    assert (owner.given_name, owner.family_name, owner.phone) == (
        "Игорь",
        "Секретов",
        "+79990000000",
    )


def test_a_pickup_point_needs_no_address(inside, make):
    account, point = make.account(), make.pickup_point()
    make.in_cart(account, make.product(price=900))

    placed = place(account, wishes=replace(HOME, method="pickup", address="", point_id=point.id))

    order = db.session.get_one(Order, placed.order_id)
    assert (order.delivery_method, order.pickup_point_id, order.address) == (
        "pickup",
        point.id,
        "ул. Лесная, 7",
    )
    assert order.delivery_kopecks == 9900


def test_a_point_of_another_town_or_too_weak_is_refused(inside, make):
    account = make.account()
    make.pickup_point()
    far = make.pickup_point("TVR-01", place_name="Тверь")
    weak = make.pickup_point("MSK-02", max_weight_g=100)
    make.in_cart(account, make.product())

    for point_id in (far.id, weak.id, None, 10**6):
        with pytest.raises(NoSuchPoint):
            place(account, wishes=replace(HOME, method="pickup", point_id=point_id))

    assert count(Order) == 0


def test_the_same_page_orders_once(inside, make):
    account = make.account()
    make.in_cart(account, make.product(), 2)
    note = shown_to(account)

    first, second = place(account, note), place(account, note)

    assert first == second
    assert (count(Order), count(PaymentAttempt), count(OutboxItem)) == (1, 1, 1)
    assert db.session.scalar(select(Stock.quantity)) == 8


def test_the_same_key_of_another_customer_is_another_key(inside, make):
    product = make.product()
    one, other = make.account(), make.account()
    make.in_cart(one, product)
    make.in_cart(other, product)

    assert place(one).number != place(other).number


def test_a_price_that_changed_meanwhile_is_told_and_nothing_ordered(inside, make):
    account, pot = make.account(), make.product(price=1490)
    make.in_cart(account, pot)
    note = shown_to(account)
    db.session.execute(update(Product).values(price_kopecks=169000))
    db.session.commit()

    with pytest.raises(CartChanged) as told:
        place(account, note)

    assert told.value.changes == [Change("price", pot.id, 149000, 169000)]
    assert (count(Order), count(OutboxItem), count(CartLine)) == (0, 0, 1)
    assert db.session.scalar(select(Stock.quantity)) == 10


def test_too_little_stock_is_told_with_how_many_are_left_and_nothing_written(inside, make):
    account, pot, tea = make.account(), make.product(), make.product()
    make.in_cart(account, pot, 3)
    make.in_cart(account, tea)
    note = shown_to(account)
    db.session.execute(update(Stock).where(Stock.product_id == pot.id).values(quantity=1))
    db.session.commit()

    with pytest.raises(CartChanged) as told:
        place(account, note)

    assert told.value.changes == [
        Change("quantity", pot.id, 3, 1),
        Change("delivery", was=0, now=29900),
    ]
    assert (count(Order), count(CartLine), count(PaymentAttempt)) == (0, 2, 0)
    stock = stock_now()
    assert stock == {pot.id: 1, tea.id: 10}


def test_another_town_or_another_day_is_told(inside, make):
    account = make.account()
    make.in_cart(account, make.product())
    note = shown_to(account)

    with pytest.raises(CartChanged) as moved:
        place(account, note, place=replace(CAPITAL, name="Тверь"))
    with pytest.raises(CartChanged) as later:
        place(account, note, today=TODAY + timedelta(days=1))

    assert moved.value.changes == [Change("place")]
    assert later.value.changes == [Change("parcels")]


def test_a_forged_page_orders_nothing(inside, make):
    account = make.account()
    make.in_cart(account, make.product(price=1490))

    for note in ("", "Москва|1x1@1|", shown_to(account).replace("149000", "1")):
        with pytest.raises(CartChanged):
            place(account, note)

    assert count(Order) == 0


def test_an_empty_cart_orders_nothing(inside, make):
    account = make.account()

    with pytest.raises(NothingToOrder):
        place(account, "")
