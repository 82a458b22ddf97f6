from datetime import date
from zoneinfo import ZoneInfo

import pytest
from factories import NOON
from sqlalchemy import update
from sqlalchemy.exc import NoResultFound

from shop.db import db
from shop.models import OrderLine
from shop.queries.orders import (
    COMING_BACK,
    desk_of,
    desk_order,
    last_delivery_of,
    letter_facts,
    order_of,
    orders_like,
    parcel_at_desk,
)
from shop.queries.staff import figures_of


def numbers_of(found):
    return [order.number for order in found.orders]


def test_orders_stand_newest_first_with_all_that_is_in_them(inside, make):
    account = make.account()
    tea, pot = make.product(name="Чай"), make.product(name="Чайник")
    old = make.order(account, tea)
    new = make.order(account, tea, pot, parcels=2, placed_at=make.later(days=1))

    found = orders_like(account_id=account.id)

    assert numbers_of(found) == [new.number, old.number]
    assert (found.count, found.pages) == (2, 1)
    assert [line.name for line in found.orders[0].lines] == ["Чай", "Чайник"]
    assert [parcel.position for parcel in found.orders[0].parcels] == [1, 2]
    assert found.orders[0].promised == [date(2026, 11, 26)]
    assert found.orders[0].lines[0].url == f"/product/{tea.id}-{tea.slug}"


def test_somebody_elses_orders_are_not_found(inside, make):
    ann, bob = make.account(), make.account()
    order = make.order(ann)

    assert orders_like(account_id=bob.id).count == 0
    with pytest.raises(NoResultFound):
        order_of(account_id=bob.id, number=order.number)


@pytest.mark.parametrize("words", ["ёлка", "ЕЛКА", "зелен", "елка зелёная", "зелёная ёлка"])
def test_an_order_is_found_by_words_of_its_goods(inside, make, words):
    account = make.account()
    order = make.order(account, make.product(name="Ёлка «Зелёная», 2 м"))
    make.order(account, make.product(name="Чайник"))

    assert numbers_of(orders_like(account_id=account.id, words=words)) == [order.number]


def test_an_order_is_found_by_its_number_and_by_a_part_of_it(inside, make):
    account = make.account()
    order, _other = make.order(account), make.order(account)

    for words in (order.number, order.number.replace("-", ""), f"№ {order.number}"):
        assert numbers_of(orders_like(account_id=account.id, words=words)) == [order.number]


@pytest.mark.parametrize("words", ["%", "_", "чай%ник", "\\"])
def test_signs_of_the_database_find_nothing(inside, make, words):
    account = make.account()
    make.order(account, make.product(name="Чайник"))

    assert orders_like(account_id=account.id, words=words).count == 0


def test_a_sign_that_stands_in_the_name_is_found(inside, make):
    account = make.account()
    order = make.order(account, make.product(name="Сок 100% яблочный"))
    make.order(account, make.product(name="Сок 1000 мл"))

    assert numbers_of(orders_like(account_id=account.id, words="100%")) == [order.number]


def test_what_was_found_is_told_for_marking(inside, make):
    account = make.account()
    make.order(account, make.product(name="Ёлка"), make.product(name="Чайник"))

    found = orders_like(account_id=account.id, words="ел")

    assert [line.name for line in found.found_lines(found.orders[0])] == ["Ёлка"]
    assert found.marked("Ёлка") == [("Ёл", True), ("ка", False)]


def test_pages_of_a_dozen(inside, make):
    account, product = make.account(), make.product(in_stock=100)
    orders = [make.order(account, product, placed_at=make.later(minutes=n)) for n in range(14)]

    first, second = (orders_like(account_id=account.id, page=page) for page in (1, 2))

    assert (len(first.orders), first.count, first.pages) == (12, 14, 2)
    assert numbers_of(second) == [orders[1].number, orders[0].number]
    assert numbers_of(orders_like(account_id=account.id, page=9)) == numbers_of(first)


def test_a_history_costs_two_queries_however_long_it_is(inside, make, queries):
    account = make.account()
    for _ in range(50):
        make.order(account, make.product(), make.product(), parcels=2)
    queries.clear()

    orders_like(account_id=account.id, words="чайник")

    assert len(queries) == 2


def test_one_order_costs_two_queries(inside, make, queries):
    account = make.account()
    order = make.order(account, make.product(), make.product(), parcels=2)
    queries.clear()

    order_of(account_id=account.id, number=order.number)

    assert len(queries) == 2


def test_the_desk_lists_a_state_oldest_first_with_counts_of_all(inside, make):
    account = make.account()
    new = make.order(account, make.product(), placed_at=make.later(hours=1))
    old = make.order(account, make.product(), make.product())
    make.order(account, state="shipped")

    desk = desk_of(state="paid")

    assert [row.number for row in desk.rows] == [old.number, new.number]
    assert desk.counts == {"paid": 2, "shipped": 1}
    assert (desk.rows[0].pieces, desk.rows[0].parcels, desk.has_more) == (2, 1, False)


def test_the_desk_lists_orders_whose_goods_come_back_until_they_are_here(inside, make):
    other, order = make.order(make.account()), make.order(make.account(), parcels=2)
    parcel = make.parcel_ids(order.id)[0]
    zone = ZoneInfo("Europe/Moscow")
    coming = update(OrderLine).where(OrderLine.parcel_id == parcel)
    assert desk_of(state=COMING_BACK).rows == ()

    db.session.execute(coming.values(on_way_back=1))

    desk = desk_of(state=COMING_BACK)
    assert [row.number for row in desk.rows] == [order.number] != [other.number]
    assert desk.counts == {"paid": 2, COMING_BACK: 1}
    assert figures_of(now=NOON, zone=zone).coming_back == 1
    db.session.execute(coming.values(on_way_back=0))
    assert desk_of(state=COMING_BACK).rows == ()
    assert figures_of(now=NOON, zone=zone).coming_back == 0


def test_the_desk_finds_a_number_in_any_state(inside, make):
    order = make.order(make.account(), state="received")
    make.order(make.account())

    assert [row.number for row in desk_of(words=order.number).rows] == [order.number]


def test_the_desk_sees_who_did_what(inside, make):
    from shop.services.orders import assemble_parcel

    packer = make.employee(given_name="Анна", family_name="Белова")
    order = make.order(make.account())
    (parcel,) = make.parcel_ids(order.id)
    assemble_parcel(parcel_id=parcel, actor=f"staff:{packer.id}", now=make.later(hours=1))

    seen = desk_order(number=order.number)

    assert seen.customer_name == "Секретов Игорь"
    assert [(event.state, event.parcel_position, event.by) for event in seen.events] == [
        ("awaiting_payment", None, ""),
        ("paid", None, ""),
        ("assembled", 1, "Анна Белова"),
        ("assembling", None, "Анна Белова"),
    ]


def test_a_parcel_is_found_under_its_own_order_only(inside, make):
    one, other = make.order(make.account()), make.order(make.account())
    (parcel,) = make.parcel_ids(one.id)

    assert parcel_at_desk(number=one.number, parcel_id=parcel).state == "waiting"
    with pytest.raises(NoResultFound):
        parcel_at_desk(number=other.number, parcel_id=parcel)


def test_facts_for_letters_are_plain(inside, make):
    import json

    order = make.order(make.account(), make.product(), make.product(), parcels=2)

    facts = letter_facts(order_id=order.id)

    assert json.loads(json.dumps(facts)) == facts
    assert [parcel["position"] for parcel in facts["parcels"]] == [1, 2]


def test_the_last_delivery_is_remembered(inside, make):
    account = make.account()
    make.order(account, address="Старая, 1")
    make.order(account, address="Новая, 2", placed_at=make.later(days=1))

    assert last_delivery_of(account_id=account.id).address == "Новая, 2"
    assert last_delivery_of(account_id=make.account().id) is None
