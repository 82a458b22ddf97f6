from datetime import timedelta

import pytest
from factories import NOON, PASSWORD
from signing import NEW_PASSWORD, account, letters, registered, sign_in, together
from sqlalchemy import func, select

from shop.db import db
from shop.models import GuardedTry, StaffRole
from shop.services.auth import PASSWORDS, NoSuchAccount, TooManyTries, WrongCredentials, appoint


@pytest.mark.parametrize(
    "email", ["igor@example.ru", "  IGOR@Example.ru\t", "igor @example.ru", "\u200bigor@example.ru"]
)
def test_signing_in_forgives_case_and_stray_spaces(inside, make, email):
    igor = make.account("igor@example.ru")

    assert sign_in(email=email) == igor.id


def test_the_same_letters_typed_on_another_system_are_the_same_password(inside, make):
    igor = make.account("igor@example.ru", password="й" * 8 + "ёж")

    assert sign_in(password="и\u0306" * 8 + "е\u0308ж") == igor.id


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("igor@example.ru", "wrong"),
        ("nobody@example.ru", PASSWORD),
        ("igor@example.ru", ""),
        ("", ""),
    ],
)
def test_wrong_address_and_wrong_password_are_one_fault(inside, make, email, password):
    make.account("igor@example.ru")

    with pytest.raises(WrongCredentials) as fault:
        sign_in(email=email, password=password)
    assert str(fault.value) == ""


def test_an_unknown_address_takes_as_much_hashing_as_a_known_one(inside, make, monkeypatch):
    make.account("igor@example.ru")
    compared = []
    fits = type(PASSWORDS).fits
    monkeypatch.setattr(
        type(PASSWORDS), "fits", lambda self, *given: compared.append(given) or fits(self, *given)
    )
    for email in ("nobody@example.ru", "igor@example.ru"):
        with pytest.raises(WrongCredentials):
            sign_in(email=email, password="wrong password")

    assert len(compared) == 2
    assert not PASSWORDS.is_outdated(PASSWORDS.NOBODYS)


def test_a_claim_to_a_mailbox_opens_nothing_until_it_is_proved(inside):
    registered()

    with pytest.raises(WrongCredentials):
        sign_in(password=NEW_PASSWORD)


def test_an_outdated_hash_is_renewed_at_sign_in(inside, make):
    from argon2 import PasswordHasher

    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    igor = make.account("igor@example.ru", password_hash=cheap)

    sign_in()

    renewed = account(igor.id).password_hash
    assert renewed.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert sign_in() == igor.id


def test_ten_wrong_passwords_from_one_place_and_then_not_even_the_right_one(
    inside, make, monkeypatch
):
    make.account("igor@example.ru")
    for second in range(10):
        with pytest.raises(WrongCredentials):
            sign_in(password="wrong", now=NOON + timedelta(seconds=second))
    monkeypatch.setattr(type(PASSWORDS), "fits", lambda *_: pytest.fail("compared though refused"))

    with pytest.raises(TooManyTries) as fault:
        sign_in(now=NOON + timedelta(minutes=5))

    assert fault.value.wait == timedelta(minutes=10)


def test_the_owner_comes_in_from_another_place_meanwhile(inside, make):
    igor = make.account("igor@example.ru")
    for _ in range(10):
        with pytest.raises(WrongCredentials):
            sign_in(password="wrong")

    assert sign_in(address="198.51.100.4") == igor.id


def test_the_window_slides(inside, make):
    igor = make.account("igor@example.ru")
    for _ in range(10):
        with pytest.raises(WrongCredentials):
            sign_in(password="wrong")

    assert sign_in(now=NOON + timedelta(minutes=15)) == igor.id


def test_coming_in_starts_the_count_anew(inside, make):
    igor = make.account("igor@example.ru")
    for _ in range(9):
        with pytest.raises(WrongCredentials):
            sign_in(password="wrong")
    sign_in()
    for _ in range(9):
        with pytest.raises(WrongCredentials):
            sign_in(password="wrong")

    assert sign_in() == igor.id


def test_spraying_over_many_accounts_ends_at_a_hundred(inside):
    with inside.app_context():
        db.session.add_all(
            GuardedTry(deed="sign_in", subject=f"{number}", address="203.0.113.7", happened_at=NOON)
            for number in range(100)
        )
        db.session.commit()

    with pytest.raises(TooManyTries):
        sign_in(email="somebody@example.ru")
    with pytest.raises(WrongCredentials):
        sign_in(email="somebody@example.ru", address="203.0.113.8")


def test_guesses_made_at_once_are_all_counted(inside, make):
    make.account("igor@example.ru")

    came = together(inside, *[lambda: sign_in(password="wrong")] * 14)

    assert [type(one) for one in came].count(WrongCredentials) == 10
    assert [type(one) for one in came].count(TooManyTries) == 4


def test_registering_from_one_place_is_limited(inside):
    with inside.app_context():
        db.session.add_all(
            GuardedTry(
                deed="register", subject=f"{number}", address="203.0.113.7", happened_at=NOON
            )
            for number in range(60)
        )
        db.session.commit()

    with pytest.raises(TooManyTries):
        registered(address="203.0.113.7")
    assert letters() == []


def test_tries_keep_no_address_that_was_typed(inside):
    with pytest.raises(WrongCredentials):
        sign_in(email="my secret password")

    noted = db.session.scalars(select(GuardedTry)).all()
    assert {one.deed for one in noted} == {"sign_in", "sign_in_anywhere"}
    assert all(len(one.subject) == 64 and "secret" not in one.subject for one in noted)


def test_appointing_gives_an_account_a_role_once(inside, make):
    igor = make.account("igor@example.ru")

    first = appoint(email="IGOR@example.ru", role="fulfilment", now=NOON)
    again = appoint(email="igor@example.ru", role="fulfilment", now=NOON)

    assert (first.account_id, first.is_new_account, first.is_new_role) == (igor.id, False, True)
    assert (again.is_new_account, again.is_new_role) == (False, False)
    assert db.session.scalar(select(func.count(StaffRole.id))) == 1


def test_appointing_opens_an_account_but_never_takes_over_an_unproved_claim(inside):
    claim = registered(email="anna@example.ru")

    with pytest.raises(NoSuchAccount):
        appoint(email="anna@example.ru", role="owner", now=NOON)
    done = appoint(
        email="anna@example.ru",
        role="owner",
        given_name="Анна",
        family_name="Ли",
        password="long enough",
        now=NOON,
    )

    assert done.is_new_account and done.account_id != claim
    assert sign_in(email="anna@example.ru", password="long enough") == done.account_id
