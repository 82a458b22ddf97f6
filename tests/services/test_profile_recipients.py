"""The list of those who may receive: it never touches the account, nor an order."""

import pytest
from factories import NOON
from signing import together
from sqlalchemy import func, select, text
from sqlalchemy.exc import NoResultFound

from shop.db import db
from shop.models import Order, Recipient
from shop.queries.profile import recipient_of, recipients_of
from shop.rules.profile import MOST_RECIPIENTS
from shop.services.profile import (
    TooManyRecipients,
    change_recipient,
    keep_recipient,
    remove_recipient,
)

OLGA = {"full_name": "О'Коннор Ольга", "phone": "+79161112233"}


def keep(account, once_key="form", **more):
    return keep_recipient(account_id=account.id, once_key=once_key, now=NOON, **OLGA | more)


def list_of(account):
    return [(one.full_name, one.phone) for one in recipients_of(account_id=account.id)]


def count():
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Recipient))


def row_of(account):
    query = text("SELECT * FROM account WHERE id = :id")
    return tuple(db.session.execute(query, {"id": account.id}).one())


def test_somebody_is_put_on_the_list_and_nothing_into_the_account(inside, make):
    igor, other = make.account(phone="+79161234567"), make.account()
    before = row_of(igor)

    kept = keep(igor)

    assert recipient_of(account_id=igor.id, recipient_id=kept) == (kept, *OLGA.values())
    assert list_of(igor) == [tuple(OLGA.values())]
    assert list_of(other) == []
    assert row_of(igor) == before


def test_a_form_sent_twice_is_one_line(inside, make):
    igor = make.account()

    assert keep(igor) == keep(igor)

    assert count() == 1


def test_a_form_sent_twice_at_once_is_one_line(inside, make):
    igor = make.account()

    came = together(inside, *[lambda: keep(igor)] * 3)

    assert len(set(came)) == 1
    assert count() == 1


def test_who_is_there_already_isnt_written_again(inside, make):
    igor = make.account()

    assert keep(igor, "one page") == keep(igor, "another page")

    assert count() == 1


def test_the_same_form_with_another_name_in_it_is_another_line(inside, make):
    igor = make.account()

    keep(igor)
    keep(igor, full_name="Ли Ю")

    assert [name for name, _ in list_of(igor)] == ["О'Коннор Ольга", "Ли Ю"]


def test_a_form_sent_again_after_its_line_was_changed_writes_nothing(inside, make):
    igor = make.account()
    kept = keep(igor)
    change_recipient(account_id=igor.id, recipient_id=kept, full_name="Ли Ю", phone="+79160000000")

    assert keep(igor) == kept

    assert list_of(igor) == [("Ли Ю", "+79160000000")]


def test_two_people_may_each_have_the_same_recipient(inside, make):
    igor, anna = make.account(), make.account()

    assert keep(igor) != keep(anna)

    assert list_of(igor) == list_of(anna)


def test_the_list_has_an_end(inside, make):
    igor = make.account()
    for number in range(MOST_RECIPIENTS):
        keep(igor, full_name=f"Ли {number}")

    with pytest.raises(TooManyRecipients):
        keep(igor)

    assert count() == MOST_RECIPIENTS == 20
    assert keep(igor, full_name="Ли 7"), "who is there already is no one more"


def test_the_list_has_an_end_for_those_who_hurry_too(inside, make):
    igor = make.account()
    for number in range(MOST_RECIPIENTS - 1):
        keep(igor, full_name=f"Ли {number}")

    came = together(
        inside, *[lambda name=name: keep(igor, full_name=name) for name in ("Ю", "Я", "Э")]
    )

    assert sum(isinstance(one, TooManyRecipients) for one in came) == 2
    assert count() == MOST_RECIPIENTS


def test_a_recipient_is_changed_and_orders_keep_what_they_were_given(inside, make):
    igor = make.account()
    kept = keep(igor)
    order = make.order(igor, recipient_name=OLGA["full_name"], recipient_phone=OLGA["phone"])

    change_recipient(
        account_id=igor.id, recipient_id=kept, full_name="Ёлкина Ольга", phone="+375291234567"
    )

    assert list_of(igor) == [("Ёлкина Ольга", "+375291234567")]
    stands = db.session.get_one(Order, order.id, populate_existing=True)
    assert (stands.recipient_name, stands.recipient_phone) == tuple(OLGA.values())


def test_two_lines_that_became_alike_are_one(inside, make):
    igor = make.account()
    kept, other = keep(igor), keep(igor, full_name="Ли Ю")

    change_recipient(account_id=igor.id, recipient_id=other, **OLGA)

    assert [one.id for one in recipients_of(account_id=igor.id)] == [kept]


def test_nothing_changed_stays_as_it_is(inside, make):
    igor = make.account()
    kept = keep(igor)

    change_recipient(account_id=igor.id, recipient_id=kept, **OLGA)

    assert list_of(igor) == [tuple(OLGA.values())]


def test_a_recipient_is_taken_off_the_list_and_can_be_put_back(inside, make):
    igor = make.account()
    kept = keep(igor)

    remove_recipient(account_id=igor.id, recipient_id=kept)

    assert list_of(igor) == []
    assert keep(igor)
    assert list_of(igor) == [tuple(OLGA.values())]


def test_somebody_elses_recipient_isnt_there(inside, make):
    igor, stranger = make.account(), make.account()
    kept = keep(igor)
    theirs = {"account_id": stranger.id, "recipient_id": kept}

    assert recipient_of(**theirs) is None
    with pytest.raises(NoResultFound):
        change_recipient(**theirs, full_name="Ли Ю", phone="+79160000000")
    with pytest.raises(NoResultFound):
        remove_recipient(**theirs)

    assert list_of(igor) == [tuple(OLGA.values())]
