from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest

from shop.rules.second_step import (
    ALPHABET,
    address_to_scan,
    fitting_interval,
    in_groups,
    interval_of,
    is_recovery_code,
    password_mark,
    recovery_code_hash,
    recovery_code_meant,
)

NOON = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
HERE = interval_of(NOON)


def code_at(interval):
    return pyotp.TOTP(SECRET).generate_otp(interval)


@pytest.mark.parametrize("away", [-1, 0, 1])
def test_the_code_of_this_half_minute_and_of_its_neighbours_fits(away):
    assert fitting_interval(SECRET, code_at(HERE + away), NOON) == HERE + away


@pytest.mark.parametrize("away", [-2, 2, 100])
def test_older_and_later_codes_dont_fit(away):
    assert fitting_interval(SECRET, code_at(HERE + away), NOON) is None


@pytest.mark.parametrize("seconds", [0, 1, 29])
def test_a_code_is_good_for_its_half_minute_and_the_one_around(seconds):
    now = NOON + timedelta(seconds=seconds)

    assert fitting_interval(SECRET, code_at(HERE), now) == HERE


def test_the_numbers_are_those_of_the_standard():
    """RFC 6238, appendix B: 94287082 at second 59, whose last six digits apps show."""
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"

    assert fitting_interval(secret, "287082", datetime.fromtimestamp(59, UTC)) == 1


def test_spaces_and_words_around_a_code_are_forgiven():
    code = code_at(HERE)

    for typed in (f" {code[:3]} {code[3:]} ", f"{code[:3]}-{code[3:]}", f"код: {code}"):
        assert fitting_interval(SECRET, typed, NOON) == HERE


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "\u0663" * 6])
def test_what_is_no_code_doesnt_fit(typed):
    assert fitting_interval(SECRET, typed, NOON) is None


def test_the_app_is_told_the_shop_and_the_address():
    parts = urlsplit(address_to_scan(SECRET, shop_name="Озон & Ко", email="igor@example.ru"))

    assert (parts.scheme, parts.netloc) == ("otpauth", "totp")
    assert parse_qs(parts.query) == {"secret": [SECRET], "issuer": ["Озон & Ко"]}
    assert parts.path.endswith(":igor%40example.ru")


def test_a_secret_is_read_in_groups_of_four():
    assert in_groups("JBSWY3DPEHPK") == "JBSW Y3DP EHPK"
    assert in_groups("abcdefghjkmn", "-") == "abcd-efgh-jkmn"


@pytest.mark.parametrize(
    "typed",
    ["abc0-e1gh-jk1x", "ABC0 E1GH JK1X", " abcOelghjklx ", "авс0—еIgh–jк1х", "abcо.eigh.jkLx"],
)
def test_a_recovery_code_is_meant_however_it_was_copied(typed):
    assert recovery_code_meant(typed) == "abc0e1ghjk1x"
    assert is_recovery_code(typed)


@pytest.mark.parametrize("typed", ["123456", "123 456", "", "abcd-efgh", "abcd-efgh-jkmn-p"])
def test_what_is_shorter_or_longer_is_no_recovery_code(typed):
    assert not is_recovery_code(typed)


def test_no_letter_of_the_alphabet_is_taken_for_another():
    assert len(set(ALPHABET)) == 32
    assert recovery_code_meant(ALPHABET) == ALPHABET


def test_what_is_kept_of_a_recovery_code_needs_the_key_and_the_account():
    kept = recovery_code_hash("abcd-efgh-jkmn", account_id=1, secret="s" * 32)

    assert recovery_code_hash("ABCDEFGHJKMN", account_id=1, secret="s" * 32) == kept
    assert recovery_code_hash("abcd-efgh-jkmn", account_id=2, secret="s" * 32) != kept
    assert recovery_code_hash("abcd-efgh-jkmn", account_id=1, secret="t" * 32) != kept
    # What was written on paper years ago must still be found.
    assert kept == "6381f59d3c07b4618c091b06041d59791821d3659cd50359029a0810a2304c65"


def test_another_password_has_another_mark():
    assert password_mark("$argon2id$one") != password_mark("$argon2id$two")
    assert len(password_mark("$argon2id$one")) == 16
