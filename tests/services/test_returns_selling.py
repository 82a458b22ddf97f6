"""What was called off or given back counts as sold no more: neither in searches nor in the order of lists."""

from factories import NOON
from returning import returning  # noqa: F401  (the fixture)
from signing import together
from sqlalchemy import select, update

from shop.db import db
from shop.models import Listing, Product
from shop.services.catalog import count_sales, uncount_sales
from shop.services.returns import cancel_by_shop, cancel_unpaid


def sold():
    """How many teapots and cups were sold."""
    db.session.rollback()
    return list(db.session.scalars(select(Product.sold_count).order_by(Product.id)))


def ranks():
    """Where teapots and cups stand in lists, without what being in stock adds."""
    db.session.rollback()
    found = db.session.scalars(select(Listing.rank).order_by(Listing.product_id))
    return [rank % 10**9 for rank in found]


def test_pieces_called_off_and_given_back_are_taken_off_one_by_one(returning):  # noqa: F811
    order = returning.order()
    assert (sold(), ranks()) == ([3, 2], [3, 2])

    returning.cancel(order, {order.teapots: 1, order.cups: 2})

    assert (sold(), ranks()) == ([2, 0], [2, 0])
    returning.cancel(order, {order.teapots: 1}, key="c2")
    returning.cancel(order, {order.teapots: 1}, key="c2")
    assert (sold(), ranks()) == ([1, 0], [1, 0])


def test_a_return_counts_when_its_money_goes_back_and_only_what_was_accepted(returning):  # noqa: F811
    order = returning.order(stage="received")
    number = returning.ask(order, {order.teapots: 3})
    assert sold() == [3, 2]

    returning.bring_back(number, accepted={order.teapots: 2})

    assert (sold(), ranks()) == ([1, 2], [1, 2])
    returning.give_back(order, {order.teapots: 1, order.cups: 2}, "defect", key="r2")
    assert (sold(), ranks()) == ([0, 0], [0, 0])


def test_what_the_shop_cannot_bring_was_not_sold_either(returning):  # noqa: F811
    order = returning.order(stage="shipped")

    cancel_by_shop(
        number=order.number, reason="carrier", actor_id=returning.clerk.id, once_key="s", now=NOON
    )

    assert (sold(), ranks()) == ([0, 0], [0, 0])


def test_an_unpaid_order_had_not_been_counted(returning):  # noqa: F811
    order, _paid = returning.order(stage="unpaid"), returning.order()

    cancel_unpaid(account_id=order.account.id, number=order.number, now=NOON)

    assert sold() == [0, 0, 3, 2]


def test_two_at_once_are_both_taken_off(returning):  # noqa: F811
    order = returning.order()

    together(
        returning.app,
        lambda: uncount_sales(quantities={_product(0): 1}),
        lambda: uncount_sales(quantities={_product(0): 1}),
    )

    assert (sold(), ranks()) == ([1, 2], [1, 2])
    assert order.number


def test_nothing_is_sold_less_than_never(inside, make):
    tea = make.product()
    db.session.execute(update(Product).values(sold_count=1))
    db.session.commit()

    uncount_sales(quantities={tea.id: 3})
    count_sales(quantities={tea.id: 2})

    assert sold() == [2]


def _product(position):
    return db.session.scalars(select(Product.id).order_by(Product.id)).all()[position]
