from datetime import timedelta

import pytest
from authenticator import Authenticator, to_bytes, to_text
from factories import NOON
from holding import HERE, PHONE, add, come_in, keys, question
from signing import letters, together
from sqlalchemy import func, select
from sqlalchemy.exc import NoResultFound

from shop.db import db
from shop.models import AccountEvent, Passkey, SpentKey
from shop.queries.security.passkeys import question_of_proof, question_of_sign_in
from shop.services.security.passkeys import (
    PasskeyRefused,
    PasskeyTooLate,
    TooManyPasskeys,
    add_passkey,
    remove_passkey,
    rename_passkey,
    sign_in_with_passkey,
)


@pytest.fixture
def igor(make, inside):
    return make.account("igor@example.ru")


@pytest.fixture
def phone():
    return Authenticator()


def count(model):
    return db.session.scalar(select(func.count()).select_from(model))


def events(account):
    found = select(AccountEvent).where(AccountEvent.account_id == account.id)
    return [
        (one.kind, one.facts) for one in db.session.scalars(found.order_by(AccountEvent.id)).all()
    ]


# Adding


def test_a_new_key_is_kept_told_in_the_log_and_by_letter(igor, phone):
    key_id = add(igor, phone)

    (kept,) = keys()
    assert (kept.id, kept.account_id, kept.name) == (key_id, igor.id, "Телефон")
    assert kept.credential_id == phone.keys[0].id
    assert kept.public_key == phone.keys[0].public
    assert kept.user_handle == phone.keys[0].user_handle
    assert (kept.sign_count, kept.transports) == (0, ["internal", "hybrid"])
    assert (kept.created_at, kept.used_at) == (NOON, None)
    assert events(igor) == [("passkey_added", {"name": "Телефон"})]
    (letter,) = letters("passkey_added")
    assert letter["to"] == "igor@example.ru"
    assert letter["facts"] == {
        "greeting": "Игорь",
        "name": "Телефон",
        "device": "Chrome, Android",
        "country": "RU",
        "network": "203.0.113.0/24",
        "at": NOON.isoformat(),
    }


def test_a_device_is_asked_for_a_key_that_knows_its_owner_and_makes_sure_of_the_owner(igor, phone):
    add(igor, phone)

    asked = question(igor)

    assert asked["rp"] == {"id": "localhost", "name": "Озон"}
    assert asked["user"] == {
        "id": to_text(phone.keys[0].user_handle),
        "name": "igor@example.ru",
        "displayName": "Игорь",
    }
    assert asked["authenticatorSelection"] == {
        "residentKey": "required",
        "requireResidentKey": True,
        "userVerification": "required",
    }
    assert asked["attestation"] == "none"
    assert asked["excludeCredentials"] == [
        {
            "id": to_text(phone.keys[0].id),
            "type": "public-key",
            "transports": ["internal", "hybrid"],
        }
    ]
    assert len(to_bytes(asked["challenge"])) >= 64
    assert question(igor)["challenge"] != asked["challenge"]


def test_an_answer_adds_one_key_only(igor, phone):
    answer = phone.make(question(igor))
    common = {"account_id": igor.id, "name": "", "party": HERE, "device": PHONE}
    add_passkey(credential=answer, now=NOON, **common)

    with pytest.raises(PasskeyRefused):
        add_passkey(credential=answer, now=NOON + timedelta(seconds=1), **common)
    assert count(Passkey) == 1


def test_one_question_makes_one_key_even_if_two_devices_answer_it(igor, phone):
    asked = question(igor)
    add(igor, phone, asked)

    with pytest.raises(PasskeyTooLate):
        add(igor, Authenticator(), asked)
    assert count(Passkey) == 1


def test_two_answers_to_one_question_at_the_same_moment_make_one_key(inside, igor):
    asked = question(igor)
    devices = [Authenticator(), Authenticator()]

    came = together(inside, *[lambda device=device: add(igor, device, asked) for device in devices])

    assert sorted(type(one).__name__ for one in came) == ["PasskeyTooLate", "int"]
    assert count(Passkey) == 1


def test_what_wasnt_asked_of_this_account_for_this_a_moment_ago_adds_nothing(igor, make, phone):
    anna = make.account("anna@example.ru")
    for_sign_in = question_of_sign_in(party=HERE, now=NOON)["challenge"]
    for_proof = question_of_proof(account_id=igor.id, party=HERE, now=NOON)["challenge"]
    for_anna = question(anna)["challenge"]
    forged = to_text(b"registration." + str(igor.id).encode() + b".1763974800.00." + b"0" * 64)
    for challenge in (for_sign_in, for_proof, for_anna, forged, "", "AAAA"):
        with pytest.raises(PasskeyRefused):
            add(igor, phone, challenge=challenge)
    with pytest.raises(PasskeyTooLate):
        add(igor, phone, question(igor), now=NOON + timedelta(minutes=5))

    assert count(Passkey) == 0
    assert count(SpentKey) == 0
    assert events(igor) == letters() == []


@pytest.mark.parametrize(
    "device",
    [
        Authenticator("https://evil.example"),
        Authenticator("http://localhost:81"),
        Authenticator(verified=False),
    ],
    ids=["another origin", "another port", "nobody verified"],
)
def test_a_key_of_another_page_or_of_nobody_in_particular_isnt_taken(igor, device):
    with pytest.raises(PasskeyRefused):
        add(igor, device)
    assert count(Passkey) == 0


def test_a_key_for_another_host_isnt_taken(igor, phone):
    asked = question(igor)
    asked["rp"]["id"] = "evil.example"

    with pytest.raises(PasskeyRefused):
        add(igor, phone, asked)
    assert count(Passkey) == 0


def test_the_number_of_anothers_key_isnt_taken_again(igor, make, phone):
    anna = make.account("anna@example.ru")
    add(anna, phone)

    with pytest.raises(PasskeyRefused):
        add(igor, Authenticator(), credential_id=phone.keys[0].id)
    assert [key.account_id for key in keys()] == [anna.id]
    assert come_in(phone) == anna.id


@pytest.mark.parametrize("rubbish", ["", "null", "[]", "{}", '{"id": 1}', "[" * 5000, "\ud800"])
def test_rubbish_is_refused_like_any_wrong_answer(igor, rubbish):
    with pytest.raises(PasskeyRefused):
        add_passkey(
            account_id=igor.id, credential=rubbish, name="", party=HERE, device=PHONE, now=NOON
        )
    with pytest.raises(PasskeyRefused):
        sign_in_with_passkey(credential=rubbish, party=HERE, now=NOON)


def test_there_are_ten_at_most(igor):
    for number in range(10):
        add(igor, Authenticator(), name=f"Ключ {number}")

    with pytest.raises(TooManyPasskeys):
        add(igor, Authenticator())
    assert count(Passkey) == 10
    assert len(letters("passkey_added")) == 10


def test_all_keys_of_an_account_know_it_by_one_handle_even_after_the_secret_has_changed(
    inside, igor, phone
):
    add(igor, phone)
    secret, inside.config["SECRET_KEY"] = inside.config["SECRET_KEY"], "n" * 40
    try:
        add(igor, phone)
    finally:
        inside.config["SECRET_KEY"] = secret

    assert len({key.user_handle for key in keys()}) == 1


# Naming and removing


def test_a_key_is_renamed_and_that_is_told_with_both_names(igor, phone):
    key_id = add(igor, phone)
    renamed = {"account_id": igor.id, "passkey_id": key_id, "name": "Рабочий", "device": PHONE}

    rename_passkey(now=NOON, **renamed)
    rename_passkey(now=NOON, **renamed)

    assert [key.name for key in keys()] == ["Рабочий"]
    assert events(igor)[1:] == [("passkey_renamed", {"name": "Рабочий", "old_name": "Телефон"})]


def test_a_removed_key_opens_nothing_and_the_mailbox_is_told(igor, phone):
    key_id = add(igor, phone)

    remove_passkey(account_id=igor.id, passkey_id=key_id, device=PHONE, now=NOON)

    assert keys() == []
    assert events(igor)[1:] == [("passkey_removed", {"name": "Телефон"})]
    assert [letter["facts"]["name"] for letter in letters("passkey_removed")] == ["Телефон"]
    with pytest.raises(PasskeyRefused):
        come_in(phone)


def test_anothers_key_can_be_neither_renamed_nor_removed(igor, make, phone):
    anna = make.account("anna@example.ru")
    key_id = add(igor, phone)
    hers = {"account_id": anna.id, "passkey_id": key_id, "device": PHONE, "now": NOON}

    with pytest.raises(NoResultFound):
        rename_passkey(name="Мой", **hers)
    with pytest.raises(NoResultFound):
        remove_passkey(**hers)
    assert [key.name for key in keys()] == ["Телефон"]
    assert events(anna) == []
