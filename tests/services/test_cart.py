from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from factories import NOON
from sqlalchemy import func, select
from sqlalchemy.exc import NoResultFound

from shop.db import db
from shop.models import Cart, CartLine, Product, Stock
from shop.queries.cart import cart_of, guest_cart_count
from shop.services.cart import (
    CartMerge,
    MergedLine,
    NotEnoughStock,
    NotSold,
    empty_of,
    merge_carts,
    put_in_cart,
    take_out,
    tick,
)

GUEST = {"account_id": None, "token": "guest"}


def put(product, quantity=1, owner=GUEST, now=NOON):
    put_in_cart(**owner, product_id=product.id, quantity=quantity, now=now)


def quantities(owner=GUEST):
    cart = cart_of(**owner)
    return {line.name: line.wanted for line in (*cart.lines, *cart.gone)}


def test_the_cart_holds_so_many_and_not_so_many_more(inside, make):
    tea = make.product(name="Чай")

    put(tea, 2)
    put(tea, 3)

    assert quantities() == {"Чай": 3}


def test_none_takes_it_out(inside, make):
    tea = make.product(name="Чай")
    put(tea, 2)

    put(tea, 0)

    assert quantities() == {}


def test_more_than_there_are_is_refused_and_changes_nothing(inside, make):
    tea = make.product(name="Чай", in_stock={"tver": 2, "urals": 1})
    put(tea, 1)

    with pytest.raises(NotEnoughStock) as refused:
        put(tea, 4)

    assert refused.value.left == 3
    assert quantities() == {"Чай": 1}


def test_no_more_than_99_of_one_thing(inside, make):
    tea = make.product(name="Чай", in_stock=500)

    with pytest.raises(NotEnoughStock) as refused:
        put(tea, 100)

    assert refused.value.left == 99
    assert quantities() == {}


def test_what_left_the_shop_is_refused(inside, make):
    tea = make.product(is_listed=False)

    with pytest.raises(NotSold):
        put(tea)

    assert db.session.scalar(select(func.count()).select_from(Cart)) == 0


def test_what_never_was_is_not_found(inside, make):
    with pytest.raises(NoResultFound):
        put_in_cart(**GUEST, product_id=404, quantity=1, now=NOON)


def test_carts_of_others_stay_as_they_are(inside, make):
    tea, ann = make.product(name="Чай"), make.account()
    put(tea, 2, {"account_id": ann.id, "token": None})
    put(tea, 3, {"account_id": None, "token": "other"})

    put(tea, 1)
    take_out(**GUEST, product_id=tea.id)
    tick(**GUEST, product_id=tea.id, is_ticked=False)

    assert quantities({"account_id": ann.id, "token": None}) == {"Чай": 2}
    assert quantities({"account_id": None, "token": "other"}) == {"Чай": 3}


def test_taking_out_tells_how_many_there_were(inside, make):
    tea = make.product(name="Чай")
    put(tea, 3)

    assert take_out(**GUEST, product_id=tea.id) == 3
    assert take_out(**GUEST, product_id=tea.id) == 0
    assert quantities() == {}


def test_an_unticked_line_stays_and_isnt_ordered(inside, make):
    tea = make.product()
    put(tea, 3)

    tick(**GUEST, product_id=tea.id, is_ticked=False)

    cart = cart_of(**GUEST)
    assert (len(cart.lines), cart.ticked, cart.goods_kopecks) == (1, (), 0)


def test_a_nobody_without_a_cart_changes_nothing(inside, make):
    tea = make.product()
    nobody = {"account_id": None, "token": None}

    tick(**nobody, product_id=tea.id, is_ticked=False)

    assert take_out(**nobody, product_id=tea.id) == 0
    assert cart_of(**nobody).is_empty


def test_what_was_ordered_leaves_the_cart_and_the_rest_stays(inside, make):
    tea, cup, ann = make.product(name="Чай"), make.product(name="Кружка"), make.account()
    mine = {"account_id": ann.id, "token": None}
    put(tea, 2, mine)
    put(cup, 1, mine)

    empty_of(account_id=ann.id, product_ids=[tea.id])

    assert quantities(mine) == {"Кружка": 1}


def test_signing_in_moves_the_guests_cart_and_says_what_came_of_each_line(inside, make):
    ann = make.account()
    mine = {"account_id": ann.id, "token": None}
    tea, cup = make.product(name="Чай", in_stock=10), make.product(name="Кружка", in_stock=4)
    book, sofa = make.product(name="Книга", in_stock=1), make.product(name="Диван")
    put(cup, 3, mine)
    for product, quantity in ((tea, 2), (cup, 2), (book, 1), (sofa, 1)):
        put(product, quantity)
    db.session.execute(db.update(Product).where(Product.id == sofa.id).values(is_listed=False))
    db.session.execute(db.update(Stock).where(Stock.product_id == book.id).values(quantity=0))
    db.session.commit()

    merge = merge_carts(account_id=ann.id, token="guest", now=NOON)

    assert merge == CartMerge(
        added=(MergedLine("Чай", 2, 2),),
        cut=(MergedLine("Кружка", 4, 5),),
        gone=(MergedLine("Книга", 0, 1), MergedLine("Диван", 0, 1)),
    )
    assert quantities(mine) == {"Чай": 2, "Кружка": 4, "Книга": 1}
    assert [line.name for line in cart_of(**mine).gone] == ["Книга"]
    assert cart_of(**GUEST).is_empty


def test_merging_twice_or_nothing_adds_nothing(inside, make):
    ann, tea = make.account(), make.product(name="Чай")
    put(tea, 2)

    merge_carts(account_id=ann.id, token="guest", now=NOON)
    again = merge_carts(account_id=ann.id, token="guest", now=NOON)

    assert again.is_empty
    assert merge_carts(account_id=ann.id, token=None, now=NOON).is_empty
    assert quantities({"account_id": ann.id, "token": None}) == {"Чай": 2}


def test_a_price_once_seen_is_remembered_through_the_sign_in(inside, make):
    ann, tea = make.account(), make.product(price=100)
    put(tea)
    db.session.execute(db.update(Product).where(Product.id == tea.id).values(price_kopecks=12000))
    db.session.commit()

    merge_carts(account_id=ann.id, token="guest", now=NOON)

    (line,) = cart_of(account_id=ann.id, token=None).lines
    assert (line.seen_price_kopecks, line.price_kopecks, line.has_new_price) == (10000, 12000, True)


def at_once(app, deeds):
    """Run the deeds in as many threads, all let go at one moment."""
    gate = Barrier(len(deeds))

    def run(deed):
        with app.app_context():
            gate.wait()
            deed()

    with ThreadPoolExecutor(len(deeds)) as pool:
        for done in [pool.submit(run, deed) for deed in deeds]:
            done.result()


def test_fifteen_first_clicks_at_once_make_one_cart_with_one_line(app, make):
    tea = make.product()

    at_once(app, [lambda: put(tea, 2)] * 15)

    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Cart)) == 1
        assert db.session.scalars(select(CartLine.quantity)).all() == [2]
        assert guest_cart_count(token="guest") == 2


def test_different_things_put_in_at_once_are_all_there(app, make):
    goods = [make.product(name=f"Вещь {number}") for number in range(6)]

    at_once(app, [lambda product=product: put(product) for product in goods])

    with app.app_context():
        assert len(cart_of(**GUEST).lines) == 6
        assert db.session.scalar(select(func.count()).select_from(Cart)) == 1


def test_two_sign_ins_at_once_move_the_guests_cart_once(app, make):
    ann, tea = make.account(), make.product(name="Чай")
    with app.app_context():
        put(tea, 2)

    at_once(app, [lambda: merge_carts(account_id=ann.id, token="guest", now=NOON)] * 4)

    with app.app_context():
        assert quantities({"account_id": ann.id, "token": None}) == {"Чай": 2}
