import pytest
from sqlalchemy import update

from shop.db import db
from shop.models import Favorite, Product
from shop.queries.favorites import favorites_among, favorites_count, favorites_of


@pytest.fixture
def liked(inside, make):
    ann = make.account()
    goods = [
        make.product(name="Чайник «Ёлка»", price=900, brand="Лес"),
        make.product(name="Кружка", price=300, old_price_kopecks=60000, discount_percent=50),
        make.product(name="Чай зелёный", price=500),
    ]
    for hours, product in enumerate(goods):
        make.favorite(ann, product)
        mine = (Favorite.account_id == ann.id, Favorite.product_id == product.id)
        db.session.execute(update(Favorite).where(*mine).values(added_at=make.later(hours=hours)))
        db.session.commit()
    return ann


def names(account, **how):
    return [card.name for card in favorites_of(account_id=account.id, **how)]


def test_the_last_added_comes_first(liked):
    assert names(liked) == ["Чай зелёный", "Кружка", "Чайник «Ёлка»"]


@pytest.mark.parametrize(
    ("sort", "first"),
    [("cheap", "Кружка"), ("dear", "Чайник «Ёлка»"), ("discount", "Кружка")],
)
def test_it_is_sorted_as_asked(liked, sort, first):
    assert names(liked, sort=sort)[0] == first


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("елка", ["Чайник «Ёлка»"]),
        ("ЧАЙ зел", ["Чай зелёный"]),
        ("лес", ["Чайник «Ёлка»"]),
        ("диван", []),
    ],
)
def test_it_is_found_by_words_of_name_and_brand(liked, words, found):
    assert names(liked, words=words) == found


def test_what_left_the_shop_is_counted_but_not_shown(liked):
    db.session.execute(update(Product).where(Product.name == "Кружка").values(is_listed=False))
    db.session.commit()

    assert names(liked) == ["Чай зелёный", "Чайник «Ёлка»"]
    assert favorites_count(account_id=liked.id) == 3


def test_a_guest_has_no_hearts_and_nobody_asks_the_database(inside, make, queries):
    tea = make.product()
    queries.clear()

    assert favorites_among(account_id=None, product_ids=[tea.id]) == set()
    assert queries == []
