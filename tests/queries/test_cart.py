from factories import NOON
from sqlalchemy import update

from shop.db import db
from shop.models import Product, Stock
from shop.queries.cart import cart_of, guest_cart_count, quantities_in
from shop.services.cart import put_in_cart, tick

GUEST = {"account_id": None, "token": "guest"}


def put(product, quantity=1, now=NOON):
    put_in_cart(**GUEST, product_id=product.id, quantity=quantity, now=now)


def change(model, *where, **values):
    db.session.execute(update(model).where(*where).values(**values))
    db.session.commit()


def test_the_last_put_in_comes_first_and_sums_are_of_the_ticked(inside, make):
    tea = make.product(name="Чай", price=500, old_price_kopecks=70000)
    cup, book = make.product(name="Кружка", price=300), make.product(name="Книга", price=900)
    for hours, (product, quantity) in enumerate(((tea, 2), (cup, 1), (book, 1))):
        put(product, quantity, make.later(hours=hours))
    tick(**GUEST, product_id=book.id, is_ticked=False)

    cart = cart_of(**GUEST)

    assert [line.name for line in cart.lines] == ["Книга", "Кружка", "Чай"]
    assert [line.name for line in cart.ticked] == ["Кружка", "Чай"]
    assert [line.name for line in cart.unticked] == ["Книга"]
    assert (cart.pieces, cart.goods_kopecks, cart.saved_kopecks) == (3, 1_300_00, 400_00)
    assert cart.line_of(tea.id).sum_kopecks == 1_000_00
    assert cart.line_of(404) is None


def test_what_is_sold_out_or_left_the_shop_stands_apart(inside, make):
    tea, cup, book = (make.product(name=name) for name in ("Чай", "Кружка", "Книга"))
    for product in (tea, cup, book):
        put(product)
    change(Stock, Stock.product_id == cup.id, quantity=0)
    change(Product, Product.id == book.id, is_listed=False)

    cart = cart_of(**GUEST)

    assert [line.name for line in cart.lines] == ["Чай"]
    assert {line.name: line.left for line in cart.gone} == {"Кружка": 0, "Книга": 0}
    assert not cart.is_empty


def test_a_line_longer_than_the_stock_orders_what_there_is(inside, make):
    tea = make.product(price=500, in_stock=5)
    put(tea, 5)
    change(Stock, Stock.product_id == tea.id, quantity=2)

    (line,) = cart_of(**GUEST).lines

    assert (line.wanted, line.quantity, line.left, line.most) == (5, 2, 2, 2)
    assert line.sum_kopecks == 1_000_00


def test_a_price_changed_since_is_seen_until_the_shopper_puts_it_anew(inside, make):
    tea = make.product(price=500)
    put(tea)
    change(Product, Product.id == tea.id, price_kopecks=45000)

    (line,) = cart_of(**GUEST).lines
    put(tea, 2)
    (after,) = cart_of(**GUEST).lines

    assert (line.has_new_price, line.seen_price_kopecks, line.price_kopecks) == (True, 50000, 45000)
    assert not after.has_new_price


def test_a_cart_is_one_query_however_long(inside, make, queries):
    for _number in range(7):
        put(make.product())
    queries.clear()

    assert len(cart_of(**GUEST).lines) == 7
    assert len(queries) == 1


def test_nobodys_cart_is_empty_and_costs_nothing(inside, queries):
    assert cart_of(account_id=None, token=None).is_empty
    assert quantities_in(account_id=None, token=None) == {}
    assert queries == []


def test_counts_are_of_pieces(inside, make):
    tea, cup = make.product(), make.product()
    put(tea, 2)
    put(cup)

    assert guest_cart_count(token="guest") == 3
    assert guest_cart_count(token="other") == 0
    assert quantities_in(**GUEST) == {tea.id: 2, cup.id: 1}
