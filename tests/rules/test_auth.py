from datetime import UTC, datetime, timedelta

import pytest

from shop.rules.auth import (
    Limit,
    address_group,
    canonical_email,
    code_digits,
    masked_email,
    wait_after,
)

NOON = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
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
    [("igor@example.ru", "i•••r@example.ru"), ("ab@x.ru", "a•••@x.ru"), ("я@x.ru", "я•••@x.ru")],
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
