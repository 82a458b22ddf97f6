import json
import logging
from datetime import timedelta

import pytest
from authenticator import Authenticator, to_text
from factories import NOON
from holding import HERE, PHONE, add, come_in, keys, question
from signing import together
from sqlalchemy import func, select

from shop.db import db
from shop.models import GuardedTry, SpentKey, UserSession
from shop.queries.security.passkeys import question_of_proof, question_of_sign_in
from shop.services.auth import TooManyTries, open_session
from shop.services.security.passkeys import (
    PasskeyRefused,
    PasskeyTooLate,
    prove_again_with_passkey,
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


def test_a_key_opens_its_account_and_its_use_is_noted(igor, make, phone):
    make.account("anna@example.ru")
    add(igor, phone)
    later = NOON + timedelta(hours=2)

    assert come_in(phone, now=later) == igor.id
    assert [(key.sign_count, key.used_at) for key in keys()] == [(1, later)]
    assert count(GuardedTry) == 0


def test_a_key_that_doesnt_count_opens_again_and_again(igor):
    phone = Authenticator(step=0)
    add(igor, phone)

    assert [come_in(phone) for _ in range(3)] == [igor.id] * 3
    assert [key.sign_count for key in keys()] == [0]


@pytest.mark.parametrize("step", [0, 1])
def test_an_answer_opens_once_and_sent_twice_alarms_nobody(igor, step, caplog):
    add(igor, phone := Authenticator(step=step))
    answer = phone.show(question_of_sign_in(party=HERE, now=NOON))
    assert sign_in_with_passkey(credential=answer, party=HERE, now=NOON) == igor.id

    with pytest.raises(PasskeyTooLate):
        sign_in_with_passkey(credential=answer, party=HERE, now=NOON + timedelta(seconds=1))
    assert caplog.records == []


def test_an_answer_sent_twice_at_the_same_moment_opens_once(inside, igor):
    phone = Authenticator(step=0)
    add(igor, phone)
    answer = phone.show(question_of_sign_in(party=HERE, now=NOON))

    came = together(
        inside, *[lambda: sign_in_with_passkey(credential=answer, party=HERE, now=NOON)] * 2
    )

    assert sorted(type(one).__name__ for one in came) == ["PasskeyTooLate", "int"]


def test_two_devices_at_the_same_moment_both_come_in(inside, igor):
    devices = [Authenticator(), Authenticator()]
    for device in devices:
        add(igor, device)

    assert (
        together(inside, *[lambda device=device: come_in(device) for device in devices])
        == [igor.id] * 2
    )


def test_an_answer_that_comes_late_is_told_so(igor, phone):
    add(igor, phone)
    asked = question_of_sign_in(party=HERE, now=NOON)

    with pytest.raises(PasskeyTooLate):
        come_in(phone, asked, now=NOON + timedelta(minutes=5))
    assert [key.used_at for key in keys()] == [None]
    assert come_in(phone, asked, now=NOON + timedelta(minutes=4)) == igor.id


def test_a_counter_that_goes_back_is_refused_and_logged(igor, phone, caplog):
    add(igor, phone)
    come_in(phone)
    come_in(phone, count=9)
    for wrong in (9, 3, 0):
        with caplog.at_level(logging.WARNING, "shop.passkeys"), pytest.raises(PasskeyRefused):
            come_in(phone, count=wrong)

    assert [key.sign_count for key in keys()] == [9]
    assert len(caplog.records) == 3
    assert "counted back from 9 to 3" in caplog.text
    assert "igor" not in caplog.text
    assert come_in(phone, count=10) == igor.id


def test_questions_asked_for_something_else_open_nothing(igor, phone):
    add(igor, phone)
    for challenge in (
        question(igor)["challenge"],
        question_of_proof(account_id=igor.id, party=HERE, now=NOON)["challenge"],
        to_text(b"sign_in.0.1763974800.00." + b"0" * 64),
        "",
    ):
        with pytest.raises(PasskeyRefused) as fault:
            come_in(phone, challenge=challenge)
        assert str(fault.value) == ""
    assert [(key.sign_count, key.used_at) for key in keys()] == [(0, None)]


@pytest.mark.parametrize("cheat", ["origin", "verified", "handle", "nobody", "secret", "number"])
def test_every_wrong_answer_is_one_fault(igor, make, phone, cheat):
    anna = make.account("anna@example.ru")
    add(igor, phone)
    add(anna, other := Authenticator())
    (mine,), (hers,) = phone.keys, other.keys
    instead = {}
    if cheat == "origin":
        phone.origin = "https://evil.example"
    elif cheat == "verified":
        phone.flags = 0x01
    elif cheat == "handle":
        instead["user_handle"] = hers.user_handle
    elif cheat == "nobody":
        instead["user_handle"] = None
    elif cheat == "secret":
        mine.secret = hers.secret
    else:
        mine.id = b"0" * 32

    with pytest.raises(PasskeyRefused) as fault:
        come_in(phone, **instead)
    assert (type(fault.value), str(fault.value)) == (PasskeyRefused, "")
    assert [(key.sign_count, key.used_at) for key in keys()] == [(0, None)] * 2
    assert count(SpentKey) == 2  # Those of the two registrations.


@pytest.mark.parametrize("state", [{"confirmed": False}, {"ended_at": NOON}])
def test_an_account_that_isnt_confirmed_or_has_ended_isnt_opened(inside, make, phone, state):
    add(make.account("igor@example.ru", **state), phone)

    with pytest.raises(PasskeyRefused):
        come_in(phone)


def test_after_thirty_wrong_answers_a_key_waits_and_others_dont(igor, make, phone):
    anna = make.account("anna@example.ru")
    add(igor, phone)
    add(anna, other := Authenticator())
    for _ in range(30):
        with pytest.raises(PasskeyRefused):
            come_in(phone, challenge="AAAA")

    with pytest.raises(TooManyTries) as fault:
        come_in(phone)
    assert fault.value.wait == timedelta(minutes=15)
    assert come_in(phone, address="198.51.100.1") == igor.id
    assert come_in(other) == anna.id
    assert come_in(phone, now=NOON + timedelta(minutes=16)) == igor.id


# Proving oneself again


def prove(account, device, asked=None, now=NOON, **instead):
    asked = asked or question_of_proof(account_id=account.id, party=HERE, now=now)
    session = db.session.scalars(
        select(UserSession).where(UserSession.account_id == account.id)
    ).first()
    if session is None:
        open_session(account_id=account.id, way="password", device=PHONE, now=NOON)
        return prove(account, device, asked, now, **instead)
    prove_again_with_passkey(
        account_id=account.id,
        session_id=session.id,
        credential=device.show(asked, **instead),
        party=HERE,
        now=now,
    )
    db.session.expire_all()
    return session.proved_at


def test_a_key_proves_its_owner_again(igor, phone):
    add(igor, phone)
    later = NOON + timedelta(hours=1)

    assert prove(igor, phone, now=later) == later
    assert [key.used_at for key in keys()] == [later]


def test_a_key_that_was_asked_for_by_its_number_need_not_say_whose_it_is(igor, phone):
    add(igor, phone)
    later = NOON + timedelta(hours=1)

    assert prove(igor, phone, now=later, user_handle=None) == later


def test_only_the_accounts_own_keys_are_asked_for_and_taken(igor, make, phone):
    anna = make.account("anna@example.ru")
    add(igor, phone)
    add(anna, other := Authenticator())
    asked = question_of_proof(account_id=igor.id, party=HERE, now=NOON)
    assert [key["id"] for key in asked["allowCredentials"]] == [to_text(phone.keys[0].id)]
    later = NOON + timedelta(hours=1)

    for device, question_ in (
        (other, question_of_proof(account_id=igor.id, party=HERE, now=later)),
        (phone, question_of_proof(account_id=anna.id, party=HERE, now=later)),
        (phone, question_of_sign_in(party=HERE, now=later)),
    ):
        with pytest.raises(PasskeyRefused):
            prove(igor, device, question_, later)
    assert [one.proved_at for one in db.session.scalars(select(UserSession))] == [NOON]


def test_nothing_of_an_answer_is_kept_in_plain(igor, phone):
    add(igor, phone)
    asked = question_of_sign_in(party=HERE, now=NOON)
    come_in(phone, asked)

    kept = [spent.key_hash for spent in db.session.scalars(select(SpentKey)).all()]
    assert len(kept) == 2
    assert all(len(one) == 64 and one not in json.dumps(asked) for one in kept)
