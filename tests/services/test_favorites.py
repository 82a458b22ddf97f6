import pytest
from factories import NOON
from sqlalchemy.exc import NoResultFound

from shop.queries.favorites import favorites_among, favorites_count
from shop.services.favorites import like, unlike


def test_a_heart_given_twice_is_one_heart(inside, make):
    ann, tea = make.account(), make.product()

    like(account_id=ann.id, product_id=tea.id, now=NOON)
    like(account_id=ann.id, product_id=tea.id, now=NOON)

    assert favorites_count(account_id=ann.id) == 1
    assert favorites_among(account_id=ann.id, product_ids=[tea.id]) == {tea.id}


def test_a_heart_taken_back_twice_is_gone_once_and_others_keep_theirs(inside, make):
    ann, bob, tea = make.account(), make.account(), make.product()
    for account in (ann, bob):
        make.favorite(account, tea)

    unlike(account_id=ann.id, product_id=tea.id)
    unlike(account_id=ann.id, product_id=tea.id)

    assert (favorites_count(account_id=ann.id), favorites_count(account_id=bob.id)) == (0, 1)


def test_there_is_no_heart_for_what_never_was(inside, make):
    ann = make.account()

    with pytest.raises(NoResultFound):
        like(account_id=ann.id, product_id=404, now=NOON)

    assert favorites_count(account_id=ann.id) == 0
