from datetime import timedelta

import pytest
from factories import NOON, PASSWORD
from sqlalchemy import select

from shop.db import db
from shop.models import OutboxItem, Recovery
from shop.queries.auth import card_of_session
from shop.queries.recovery import email_of_link
from shop.rules.devices import NO_DEVICE
from shop.services.auth import (
    TooManyTries,
    WrongCredentials,
    open_session,
    register,
    sign_in_with_password,
)
from shop.services.recovery import LinkIsOver, choose_password, send_link

NEW_PASSWORD = "семь пятниц на неделе"


def letters():
    return [one.payload for one in db.session.scalars(select(OutboxItem).order_by(OutboxItem.id))]


def token_of(letter):
    return letter["facts"]["link"].partition("token=")[2]


def sign_in(password, now=NOON):
    return sign_in_with_password(email="igor@example.ru", password=password, now=now)


def test_the_link_leads_to_a_new_password_and_every_session_ends(inside, make):
    igor = make.account("igor@example.ru")
    send_link(email=" IGOR@example.ru", now=NOON)
    (letter,) = letters()
    assert (letter["letter"], letter["to"]) == ("recovery", "igor@example.ru")
    token = open_session(account_id=igor.id, way="password", device=NO_DEVICE, now=NOON)

    choose_password(token=token_of(letter), password=NEW_PASSWORD, now=NOON + timedelta(minutes=29))

    assert sign_in(NEW_PASSWORD) == igor.id
    with pytest.raises(WrongCredentials):
        sign_in(PASSWORD)
    assert card_of_session(token=token) is None
    assert [one["letter"] for one in letters()] == ["recovery", "password_changed"]


def test_the_token_is_kept_as_a_hash_only(inside, make):
    make.account("igor@example.ru")
    send_link(email="igor@example.ru", now=NOON)

    kept = db.session.scalars(select(Recovery)).one()
    assert token_of(letters()[0]) != kept.token_hash
    assert len(kept.token_hash) == 64


def test_the_link_works_once(inside, make):
    make.account("igor@example.ru")
    send_link(email="igor@example.ru", now=NOON)
    token = token_of(letters()[0])
    choose_password(token=token, password=NEW_PASSWORD, now=NOON)

    with pytest.raises(LinkIsOver):
        choose_password(token=token, password="the thief's own", now=NOON)

    assert sign_in(NEW_PASSWORD)
    assert email_of_link(token=token, now=NOON) == ""


def test_the_link_lives_half_an_hour(inside, make):
    make.account("igor@example.ru")
    send_link(email="igor@example.ru", now=NOON)
    token = token_of(letters()[0])
    late = NOON + timedelta(minutes=30)

    assert email_of_link(token=token, now=NOON) == "igor@example.ru"
    assert email_of_link(token=token, now=late) == ""
    with pytest.raises(LinkIsOver):
        choose_password(token=token, password=NEW_PASSWORD, now=late)
    assert sign_in(PASSWORD)


def test_a_newer_link_ends_the_older(inside, make):
    make.account("igor@example.ru")
    send_link(email="igor@example.ru", now=NOON)
    later = NOON + timedelta(minutes=2)
    send_link(email="igor@example.ru", now=later)
    older, newer = map(token_of, letters())

    with pytest.raises(LinkIsOver):
        choose_password(token=older, password=NEW_PASSWORD, now=later)
    choose_password(token=newer, password=NEW_PASSWORD, now=later)


@pytest.mark.parametrize("token", ["", "nonsense", "я" * 500])
def test_a_made_up_link_changes_nothing(inside, make, token):
    make.account("igor@example.ru")

    with pytest.raises(LinkIsOver):
        choose_password(token=token, password=NEW_PASSWORD, now=NOON)
    assert sign_in(PASSWORD)


def test_nobody_is_written_to_at_an_address_that_is_nobodys_or_not_proved(inside):
    register(
        email="anna@example.ru", password=PASSWORD, given_name="Анна", family_name="Ли", now=NOON
    )
    before = len(letters())

    send_link(email="anna@example.ru", now=NOON)
    send_link(email="nobody@example.ru", now=NOON)

    assert len(letters()) == before


def test_asking_is_limited_alike_whether_there_is_an_account_or_not(inside, make):
    make.account("igor@example.ru")
    for email in ("igor@example.ru", "nobody@example.ru"):
        send_link(email=email, now=NOON)
        with pytest.raises(TooManyTries) as fault:
            send_link(email=email, now=NOON + timedelta(seconds=15))
        assert fault.value.wait == timedelta(seconds=45)
    assert len(letters()) == 1
