import hashlib
import hmac
from datetime import UTC, datetime, timedelta

import pytest

from shop.rules.auth import (
    Limit,
    address_group,
    canonical_email,
    code_digits,
    code_hash,
    masked_email,
    subject_hash,
    token_hash,
    wait_after,
)

NOON = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
SECRET = "s" * 32
THREE_A_MINUTE = Limit(3, timedelta(minutes=1))


def at(*seconds):
    return [NOON + timedelta(seconds=one) for one in seconds]


def test_under_the_limit_there_is_no_wait():
    assert wait_after(at(0, 10), THREE_A_MINUTE, NOON + timedelta(seconds=20)) == timedelta(0)


def test_at_the_limit_the_oldest_of_the_last_ones_must_grow_old():
    now = NOON + timedelta(seconds=40)

    assert wait_after(at(30, 0, 10), THREE_A_MINUTE, now) == timedelta(seconds=20)
    assert wait_after(at(5, 20, 30, 35), THREE_A_MINUTE, now) == timedelta(seconds=40)


def test_old_tries_are_forgotten():
    assert wait_after(at(0, 1, 2), THREE_A_MINUTE, NOON + timedelta(seconds=60)) == timedelta(0)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (" Igor@Example.RU ", "igor@example.ru"),
        ("igor\u00a0@example.ru", "igor@example.ru"),
        ("igor\x07@example.ru", "igor@example.ru"),
        ("\ufeffigor@example.ru\u200b", "igor@example.ru"),
        ("ИГОРЬ@почта.рф", "игорь@почта.рф"),
        ("и\u0306@example.ru", "й@example.ru"),
        ("", ""),
    ],
)
def test_an_address_has_one_form(written, kept):
    assert canonical_email(written) == kept


@pytest.mark.parametrize(
    ("email", "shown"),
    [
        ("igor@example.ru", "i•••r@example.ru"),
        ("ab@x.ru", "a•••@x.ru"),
        ("abc@x.ru", "a•••c@x.ru"),
        ('"a@b"@x.ru', '"•••"@x.ru'),
        ("я@x.ru", "я•••@x.ru"),
    ],
)
def test_a_masked_address_is_known_by_its_owner_only(email, shown):
    assert masked_email(email) == shown


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("482 913", "482913"),
        ("482-913", "482913"),
        ("\u00a0482\u2009913 ", "482913"),
        ("Код: 482913.", "482913"),
        ("４８２９１３", "482913"),
        ("²", "2"),
        ("½", ""),
        ("", ""),
        ("нет", ""),
    ],
)
def test_a_code_is_its_digits(typed, digits):
    assert code_digits(typed) == digits


@pytest.mark.parametrize(
    ("address", "group"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("", ""),
        ("nonsense", "nonsense"),
    ],
)
def test_one_line_counts_as_one_address(address, group):
    assert address_group(address) == group


def keyed(text):
    return hmac.new(SECRET.encode(), text.encode(), hashlib.sha256).hexdigest()


def test_what_is_kept_of_a_code_needs_the_secret_and_is_of_one_account():
    kept = code_hash("482913", account_id=17, secret=SECRET)

    assert kept == keyed("code\x0017\x00482913")
    assert code_hash("482913", account_id=18, secret=SECRET) != kept


def test_what_is_kept_of_a_try_is_of_one_deed():
    kept = subject_hash("sign_in", "igor@example.ru", secret=SECRET)

    assert kept == keyed("try\x00sign_in\x00igor@example.ru")
    assert subject_hash("register", "igor@example.ru", secret=SECRET) != kept


def test_what_is_kept_of_a_link_is_no_link():
    assert token_hash("token") == hashlib.sha256(b"token").hexdigest()


def test_a_strange_address_is_cut_to_its_column():
    assert address_group("x" * 46) == "x" * 45
