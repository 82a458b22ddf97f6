"""Who receives an order: the owner, one of the list, or whoever is written down; the owner's data never change."""

from dataclasses import replace

import pytest
from ordering import HOME, count, kept, place, shown_to
from sqlalchemy import select, text

from shop.db import db
from shop.models import AccountEvent, CartLine, Order, Recipient
from shop.queries.profile import recipients_of
from shop.rules.profile import MOST_RECIPIENTS
from shop.services.checkout import CartChanged, NoSuchRecipient
from shop.services.profile import change_recipient, remove_recipient

OLGA = ("О'Коннор Ольга", "+79161112233")
NOBODY = replace(HOME, recipient_name="", recipient_phone="")
WRITTEN = replace(HOME, recipient_name="Ибн Сина", recipient_phone="+375291234567")


@pytest.fixture
def igor(make):
    account = make.account(phone="+79161234567", patronymic="Валерьянович")
    make.in_cart(account, make.product())
    return account


def row_of(account):
    query = text("SELECT * FROM account WHERE id = :id")
    return tuple(db.session.execute(query, {"id": account.id}).one())


def receiver():
    order = db.session.scalars(select(Order).execution_options(populate_existing=True)).one()
    return order.recipient_name, order.recipient_phone


def list_of(account):
    return [(one.full_name, one.phone) for one in recipients_of(account_id=account.id)]


def test_one_of_the_list_receives_it(inside, igor):
    chosen = kept(inside, igor)

    place(igor, wishes=replace(NOBODY, recipient_id=chosen))

    assert receiver() == OLGA


def test_the_chosen_one_wins_over_what_is_written(inside, igor):
    chosen = kept(inside, igor)

    place(igor, wishes=replace(WRITTEN, recipient_id=chosen))

    assert receiver() == OLGA


def test_the_owner_receives_it_under_the_name_of_today(inside, igor):
    place(igor, wishes=replace(NOBODY, for_owner=True))

    assert receiver() == ("Секретов Игорь", "+79161234567")


def test_the_owners_phone_may_be_known_from_the_last_order(inside, make):
    account = make.account()
    make.in_cart(account, make.product())
    make.order(account, recipient_phone="+79169999999")

    place(account, wishes=replace(NOBODY, for_owner=True))

    newest = select(Order).order_by(Order.id.desc()).limit(1)
    assert db.session.scalars(newest).one().recipient_phone == "+79169999999"


def test_an_owner_without_a_phone_cant_be_called(inside, make):
    account = make.account()
    make.in_cart(account, make.product())

    with pytest.raises(NoSuchRecipient):
        place(account, wishes=replace(NOBODY, for_owner=True))

    assert (count(Order), count(CartLine)) == (0, 1)


def test_who_isnt_on_ones_own_list_cant_be_chosen(inside, igor, make):
    theirs = kept(inside, make.account())
    gone = kept(inside, igor)
    remove_recipient(account_id=igor.id, recipient_id=gone)

    for recipient_id in (theirs, gone, 0):
        with pytest.raises(NoSuchRecipient):
            place(igor, wishes=replace(NOBODY, recipient_id=recipient_id))

    assert (count(Order), count(CartLine)) == (0, 1)


@pytest.mark.parametrize("way", ["written", "remembered", "chosen", "owner"])
def test_whoever_receives_it_the_owner_stays_the_same_to_the_byte(inside, igor, way):
    chosen = kept(inside, igor)
    wishes = {
        "written": WRITTEN,
        "remembered": replace(WRITTEN, remember=True),
        "chosen": replace(NOBODY, recipient_id=chosen),
        "owner": replace(NOBODY, for_owner=True),
    }[way]
    before = row_of(igor)

    place(igor, wishes=wishes)

    db.session.rollback()
    assert row_of(igor) == before
    assert count(AccountEvent) == 0


def test_who_is_written_down_is_remembered_when_wished(inside, igor):
    place(igor, wishes=replace(WRITTEN, remember=True))

    assert list_of(igor) == [("Ибн Сина", "+375291234567")]
    assert receiver() == ("Ибн Сина", "+375291234567")


def test_and_is_not_when_it_isnt_wished(inside, igor):
    place(igor, wishes=WRITTEN)

    assert list_of(igor) == []


def test_pressed_twice_is_remembered_once(inside, igor):
    note = shown_to(igor)

    for _ in range(2):
        place(igor, note, wishes=replace(WRITTEN, remember=True))

    assert (count(Recipient), count(Order)) == (1, 1)


def test_an_order_that_isnt_placed_remembers_nobody(inside, igor, make):
    make.in_cart(igor, make.product())

    with pytest.raises(CartChanged):
        place(igor, note="an older page", wishes=replace(WRITTEN, remember=True))

    assert (count(Recipient), count(Order)) == (0, 0)


def test_a_full_list_bars_no_order(inside, igor):
    for number in range(MOST_RECIPIENTS):
        kept(inside, igor, full_name=f"Ли {number}")

    place(igor, wishes=replace(WRITTEN, remember=True))

    assert count(Recipient) == MOST_RECIPIENTS
    assert receiver() == ("Ибн Сина", "+375291234567")


def test_an_order_keeps_its_recipient_whatever_becomes_of_the_list(inside, igor):
    chosen = kept(inside, igor)
    place(igor, wishes=replace(NOBODY, recipient_id=chosen))

    change_recipient(
        account_id=igor.id, recipient_id=chosen, full_name="Ёлкина Ольга", phone="+79160000000"
    )
    assert receiver() == OLGA

    remove_recipient(account_id=igor.id, recipient_id=chosen)
    assert receiver() == OLGA
