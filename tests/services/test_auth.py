import pytest
from factories import NOON
from signing import NEW_PASSWORD, account, code_of, letters, registered, sign_in, together, token_of
from sqlalchemy import func, select

from shop.db import db
from shop.models import Account, Confirmation, Consent
from shop.services.auth import WrongCredentials


def test_registering_opens_an_unproved_account_and_writes_a_letter_with_link_and_code(inside):
    account_id = registered(email="  Igor@Example.RU ", patronymic="Валерьянович")

    opened = account(account_id)
    assert (opened.email, opened.email_confirmed_at) == ("igor@example.ru", None)
    assert (opened.family_name, opened.given_name, opened.patronymic) == (
        "Секретов",
        "Игорь",
        "Валерьянович",
    )
    assert opened.password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    (letter,) = letters()
    assert (letter["letter"], letter["to"]) == ("confirmation", "igor@example.ru")
    assert len(token_of(letter)) >= 40
    assert len(code_of(letter).replace(" ", "")) == 6


def test_registering_keeps_the_consent_with_the_version_it_was_given_to(inside):
    account_id = registered()

    consent = db.session.scalars(select(Consent)).one()
    assert (consent.account_id, consent.document, consent.given_at) == (
        account_id,
        "personal-data",
        NOON,
    )
    assert consent.version == "2026-11-24"


def test_neither_token_nor_code_nor_password_is_kept(inside):
    registered()

    (letter,) = letters()
    sent = db.session.scalars(select(Confirmation)).one()
    kept = f"{sent.token_hash} {sent.code_hash} {account(sent.account_id).password_hash}"
    assert token_of(letter) not in kept
    assert code_of(letter).replace(" ", "") not in (sent.token_hash, sent.code_hash)
    assert NEW_PASSWORD not in kept


def test_an_address_that_is_somebodys_gets_another_letter_and_the_owner_keeps_everything(
    inside, make
):
    owner = make.account("igor@example.ru")

    claim = registered()

    assert claim != owner.id
    (letter,) = letters()
    assert (letter["letter"], letter["to"]) == ("already_registered", "igor@example.ru")
    assert set(letter["facts"]) == {"greeting"}
    assert account(owner.id).password_hash == owner.password_hash
    assert sign_in() == owner.id
    with pytest.raises(WrongCredentials):
        sign_in(password=NEW_PASSWORD)


def test_a_name_that_is_an_advertisement_is_not_carried_to_strangers(inside):
    registered(given_name="Выиграй http://evil.example")

    assert letters()[0]["facts"]["greeting"] == ""


def test_a_form_sent_twice_opens_one_account_and_writes_one_letter(inside):
    first = registered(once_key="form-1")
    second = registered(once_key="form-1")

    assert first == second
    assert len(letters()) == 1


def test_two_registrations_at_once_open_one_account(inside):
    came = together(inside, *[lambda: registered(once_key="form-1")] * 4)

    assert len(set(came)) == 1
    assert isinstance(came[0], int)
    assert db.session.scalar(select(func.count(Account.id))) == 1
    assert len(letters()) == 1


def test_the_key_of_a_form_opens_nothing_without_its_password(inside):
    first = registered(once_key="form-1")

    second = registered(once_key="form-1", password="another password")

    assert second != first
