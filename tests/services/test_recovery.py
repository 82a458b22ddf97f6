from datetime import timedelta

import pytest
from factories import NOON, PASSWORD
from signing import NEW_PASSWORD, letters, together, token_of
from sqlalchemy import select

from shop.db import db
from shop.models import Account, Recovery, SecondStep, UserSession
from shop.queries.auth import card_of_session
from shop.queries.recovery import email_of_link
from shop.rules.devices import NO_DEVICE
from shop.services.auth import (
    WrongCredentials,
    open_session,
    register,
    sign_in_with_password,
)
from shop.services.recovery import LinkIsOver, choose_password, send_link
from shop.services.security.password import change_password


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
    assert db.session.scalars(select(Recovery)).all() == []


def test_the_same_asking_told_twice_is_one_letter(inside, make):
    make.account("igor@example.ru")
    send_link(email="igor@example.ru", asked="a", now=NOON)
    send_link(email="igor@example.ru", asked="a", now=NOON + timedelta(minutes=1))

    (letter,) = letters()
    assert email_of_link(token=token_of(letter), now=NOON) == "igor@example.ru"


def test_a_link_sent_to_the_address_before_this_one_opens_nothing(inside, make):
    igor = make.account("igor@example.ru")
    send_link(email="igor@example.ru", now=NOON)
    token = token_of(letters()[0])
    db.session.get_one(Account, igor.id).email = "novyi@example.ru"
    db.session.commit()

    assert email_of_link(token=token, now=NOON) == ""
    with pytest.raises(LinkIsOver):
        choose_password(token=token, password=NEW_PASSWORD, now=NOON)
    assert sign_in_with_password(email="novyi@example.ru", password=PASSWORD, now=NOON) == igor.id


def test_an_account_with_a_second_step_keeps_it(inside, make):
    igor = make.account("igor@example.ru")
    db.session.add(SecondStep(account_id=igor.id, sealed_secret="sealed", works_since=NOON))
    db.session.commit()
    send_link(email="igor@example.ru", now=NOON)

    choose_password(token=token_of(letters()[0]), password=NEW_PASSWORD, now=NOON)

    assert db.session.scalars(select(SecondStep.works_since)).all() == [NOON]
    assert db.session.scalars(select(UserSession)).all() == []


def test_of_two_who_use_one_link_at_the_same_moment_one_chooses(inside, make):
    make.account("igor@example.ru")
    send_link(email="igor@example.ru", now=NOON)
    token = token_of(letters()[0])
    passwords = ["семь пятниц на неделе", "восемь вёсел у лодки"]

    came = together(
        inside,
        *(
            lambda password=password: choose_password(token=token, password=password, now=NOON)
            for password in passwords
        ),
    )

    assert sorted(type(one).__name__ for one in came) == ["LinkIsOver", "NoneType"]
    assert sign_in(passwords[came.index(None)])
    with pytest.raises(WrongCredentials):
        sign_in(passwords[1 - came.index(None)])
    assert [one["letter"] for one in letters()] == ["recovery", "password_changed"]


def test_a_change_of_password_during_a_recovery_ends_in_one_of_the_two(inside, make):
    igor = make.account("igor@example.ru")
    open_session(account_id=igor.id, way="password", device=NO_DEVICE, now=NOON)
    session_id = db.session.scalars(select(UserSession.id)).one()
    send_link(email="igor@example.ru", now=NOON)
    token = token_of(letters()[0])
    own = "восемь вёсел у лодки"

    recovered, changed = together(
        inside,
        lambda: choose_password(token=token, password=NEW_PASSWORD, now=NOON),
        lambda: change_password(
            account_id=igor.id, session_id=session_id, password=own, device=NO_DEVICE, now=NOON
        ),
    )

    # Whoever came first made the other's proof void: the link, or the session.
    if recovered is None:
        assert changed is False and sign_in(NEW_PASSWORD) == igor.id
    else:
        assert isinstance(recovered, LinkIsOver) and changed is True and sign_in(own) == igor.id
    assert [one["letter"] for one in letters()][1:] in (
        ["password_changed"],
        ["password_changed_here"],
    )
