from datetime import timedelta

import pytest
from factories import NOON
from signing import NEW_PASSWORD, account, letters, together
from stepping import (
    HALF_A_MINUTE,
    code,
    events,
    passed,
    step,
    stepping,
    unused_codes,
    wrong_code,
)

from shop.db import db
from shop.queries.security.second_step import mark_to_remember
from shop.rules.devices import Device
from shop.services.auth import PASSWORDS, TooManyTries
from shop.services.security import CodeDoesntFit, CodeWasUsed, SecretIsUnreadable, StepIsOver

LATER = NOON + timedelta(minutes=2)
ELSEWHERE = Device("198.51.100.4")


@pytest.fixture
def igor(inside, make):
    return make.account("igor@example.ru").id


def guesses(account_id, secret, many, **more):
    for _ in range(many):
        with pytest.raises(CodeDoesntFit):
            passed(account_id, wrong_code(secret, LATER), now=LATER, **more)


def test_the_code_of_the_moment_lets_in_once(igor):
    secret, _codes = stepping(igor)

    passed(igor, f" {code(secret, LATER)[:3]} {code(secret, LATER)[3:]}", now=LATER)

    with pytest.raises(CodeWasUsed):
        passed(igor, code(secret, LATER), now=LATER)
    assert [one["letter"] for one in letters()] == ["second_step_on"]


def test_after_a_later_code_an_earlier_one_is_over(igor):
    secret, _codes = stepping(igor)
    passed(igor, code(secret, LATER + HALF_A_MINUTE), now=LATER)

    for away in (-1, 0, 1):
        with pytest.raises(CodeWasUsed):
            passed(igor, code(secret, LATER + away * HALF_A_MINUTE), now=LATER)

    passed(igor, code(secret, LATER + 2 * HALF_A_MINUTE), now=LATER + HALF_A_MINUTE)


def test_a_wrong_code_lets_nobody_in_and_takes_nothing(igor):
    secret, _codes = stepping(igor)
    before = step(igor).last_interval

    guesses(igor, secret, 1)

    assert step(igor).last_interval == before
    assert unused_codes(igor) == 10


def test_a_recovery_code_lets_in_once_and_the_mailbox_hears_how_many_are_left(igor):
    _secret, codes = stepping(igor)

    passed(igor, codes[0].replace("-", " ").upper().replace("0", "O").replace("1", "l"), now=LATER)

    with pytest.raises(CodeWasUsed):
        passed(igor, codes[0], now=LATER)
    assert unused_codes(igor) == 9
    assert events(igor)[1:] == [("recovery_code_used", {"left": 9})]
    letter = letters("recovery_code_used")[0]
    assert letter["facts"]["left"] == 9
    assert codes[0] not in str(letter)


def test_every_recovery_code_works(igor):
    _secret, codes = stepping(igor)

    for number, one in enumerate(codes):
        passed(igor, one, now=LATER + timedelta(seconds=number))

    assert unused_codes(igor) == 0
    assert [one["facts"]["left"] for one in letters("recovery_code_used")] == list(range(9, -1, -1))


def test_somebody_elses_codes_open_nothing(igor, make):
    anna = make.account("anna@example.ru").id
    secret, codes = stepping(igor)
    stepping(anna)

    for typed in (code(secret, LATER), codes[0]):
        with pytest.raises(CodeDoesntFit):
            passed(anna, typed, now=LATER)

    assert unused_codes(igor) == unused_codes(anna) == 10


def test_a_changed_password_voids_the_right_one_that_was_shown_before(igor):
    secret, codes = stepping(igor)
    mark = mark_to_remember(account_id=igor)
    account(igor).password_hash = PASSWORDS.hashed(NEW_PASSWORD)
    db.session.commit()

    for typed in (code(secret, LATER), codes[0]):
        with pytest.raises(StepIsOver):
            passed(igor, typed, now=LATER, mark=mark)

    assert unused_codes(igor) == 10
    passed(igor, code(secret, LATER), now=LATER)


def test_without_a_second_step_there_is_none_to_pass(igor):
    stepping(igor)
    mark = mark_to_remember(account_id=igor)
    db.session.delete(step(igor))
    db.session.commit()

    with pytest.raises(StepIsOver):
        passed(igor, "123456", now=LATER, mark=mark)


def test_an_unreadable_secret_is_told_apart(igor):
    secret, codes = stepping(igor)
    step(igor).sealed_secret = "spoilt"
    db.session.commit()

    with pytest.raises(SecretIsUnreadable):
        passed(igor, code(secret, LATER), now=LATER)
    passed(igor, codes[0], now=LATER)

    assert unused_codes(igor) == 9


# Guessing


def test_ten_wrong_codes_from_one_place_and_then_not_even_the_right_one(igor):
    secret, codes = stepping(igor)
    guesses(igor, secret, 10)

    for typed in (code(secret, LATER), codes[0]):
        with pytest.raises(TooManyTries) as fault:
            passed(igor, typed, now=LATER + timedelta(seconds=20))

    assert fault.value.wait == timedelta(minutes=14, seconds=40)
    assert unused_codes(igor) == 10


def test_the_owner_comes_in_from_another_place_meanwhile(igor):
    secret, _codes = stepping(igor)
    guesses(igor, secret, 10)

    passed(igor, code(secret, LATER), now=LATER, device=ELSEWHERE)


def test_thirty_from_anywhere_and_only_a_known_browser_comes_in(igor):
    secret, _codes = stepping(igor)
    for number in range(3):
        guesses(igor, secret, 10, device=Device(f"203.0.113.{number + 10}"))

    with pytest.raises(TooManyTries) as fault:
        passed(igor, code(secret, LATER), now=LATER, device=ELSEWHERE)
    assert fault.value.wait == timedelta(hours=1)
    passed(igor, code(secret, LATER), now=LATER, device=ELSEWHERE, device_key="home")


def test_a_known_browser_has_ten_tries_of_its_own(igor):
    secret, _codes = stepping(igor)
    guesses(igor, secret, 10, device_key="home")

    with pytest.raises(TooManyTries):
        passed(igor, code(secret, LATER), now=LATER, device_key="home")
    passed(igor, code(secret, LATER), now=LATER)


def test_coming_in_starts_the_count_anew(igor):
    secret, _codes = stepping(igor)
    guesses(igor, secret, 9)
    passed(igor, code(secret, LATER), now=LATER)
    guesses(igor, secret, 9)

    after = LATER + HALF_A_MINUTE
    passed(igor, code(secret, after), now=after)


# At the same moment


@pytest.mark.parametrize("kind", ["app", "recovery_code"])
def test_one_code_shown_by_two_at_once_lets_one_in(inside, igor, kind):
    secret, codes = stepping(igor)
    typed = code(secret, LATER) if kind == "app" else codes[0]

    came = together(inside, *[lambda: passed(igor, typed, now=LATER)] * 4)

    assert [type(one) for one in came].count(CodeWasUsed) == 3
    assert came.count(None) == 1
    assert unused_codes(igor) == (10 if kind == "app" else 9)
    assert len(letters("recovery_code_used")) == (0 if kind == "app" else 1)


def test_guesses_made_at_once_are_all_counted(inside, igor):
    secret, _codes = stepping(igor)
    typed = wrong_code(secret, LATER)

    came = together(inside, *[lambda: passed(igor, typed, now=LATER)] * 13)

    assert [type(one) for one in came].count(CodeDoesntFit) == 10
    assert [type(one) for one in came].count(TooManyTries) == 3
