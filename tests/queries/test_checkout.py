from dataclasses import replace

from factories import NOON

from shop.queries.checkout import Contact, checkout_of, contact_of, product_names
from shop.queries.delivery import CAPITAL


def test_what_is_ticked_in_parcels_with_both_sums(inside, make):
    account, point = make.account(), make.pickup_point()
    make.in_cart(account, make.product(price=900), 2)

    checkout = checkout_of(account_id=account.id, place=CAPITAL, today=NOON.date(), now=NOON)

    assert [line.quantity for line in checkout.lines] == [2]
    assert (checkout.total_kopecks("courier"), checkout.total_kopecks("pickup")) == (
        209900,
        189900,
    )
    assert checkout.can_pick_up and checkout.point_with(point.id).address == "ул. Лесная, 7"
    assert checkout.point_with(10**6) is None


def test_without_a_counter_only_the_courier_brings_it(inside, make):
    account = make.account()
    make.pickup_point(max_weight_g=100)
    make.in_cart(account, make.product())

    checkout = checkout_of(account_id=account.id, place=CAPITAL, today=NOON.date(), now=NOON)

    assert not checkout.can_pick_up
    assert checkout.points == ()


def test_a_newcomer_is_known_by_the_account(inside, make):
    account = make.account(phone="+79161234567")

    contact = contact_of(account_id=account.id, place=CAPITAL)

    assert contact == Contact("Секретов Игорь", "+79161234567", "", "courier", None, ())


def test_the_last_order_fills_in_phone_and_address(inside, make):
    account = make.account()
    make.order(account)

    contact = contact_of(account_id=account.id, place=CAPITAL)

    assert contact.phone == "+79161234567"
    assert contact.address == "ул. Лесная, 7, кв. 12"


def test_somebody_elses_phone_and_another_towns_address_are_not_filled_in(inside, make):
    account = make.account()
    make.order(account, recipient_name="Ольга Петрова")

    contact = contact_of(account_id=account.id, place=replace(CAPITAL, name="Тверь"))

    assert (contact.name, contact.phone, contact.address) == ("Секретов Игорь", "", "")


def test_names_of_goods_on_sale_or_not(inside, make):
    pot = make.product(name="Чайник", is_listed=False)

    assert product_names(product_ids=[pot.id]) == {pot.id: "Чайник"}
    assert product_names(product_ids=[]) == {}


def test_a_checkout_costs_six_queries(inside, make, queries):
    account = make.account()
    make.pickup_point()
    for _ in range(10):
        make.in_cart(account, make.product())
    queries.clear()

    checkout_of(account_id=account.id, place=CAPITAL, today=NOON.date(), now=NOON)

    assert len(queries) == 6
