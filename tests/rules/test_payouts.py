"""Where money is sent: the Bank of Russia's check digit, and cards' numbers told from accounts."""

from datetime import timedelta

import pytest
from factories import NOON

from shop.rules.payouts import (
    digits_of,
    end_of,
    is_account_of,
    is_bic,
    is_in_roubles,
    is_urgent,
    looks_like_a_card,
    pay_by,
)


def test_the_check_digit_is_the_bank_of_russias():
    # The example of the Bank of Russia's own order.
    assert is_account_of("40602810700000000025", "049805746")
    assert is_account_of("40817810838123456789", "044525225")
    # Kept by the Bank of Russia itself: the digits of its department stand in.
    assert [is_account_of(f"40101810{key}00000010041", "044583001") for key in range(10)].count(
        True
    ) == 1
    assert is_account_of("40101810800000010041", "044583001")


@pytest.mark.parametrize("place", range(20))
def test_one_mistyped_digit_is_told_wherever_it_is(place):
    right = "40602810700000000025"
    wrong = right[:place] + str((int(right[place]) + 1) % 10) + right[place + 1 :]

    assert not is_account_of(wrong, "049805746")


@pytest.mark.parametrize(
    ("account", "bic"),
    [
        ("4060281070000000002", "049805746"),
        ("406028107000000000250", "049805746"),
        ("40602810700000000025", "04980574"),
        ("40602810700000000025", "049805747"),
        ("", ""),
    ],
)
def test_an_account_of_another_length_or_bank_is_none(account, bic):
    assert not is_account_of(account, bic)


def test_a_bic_is_nine_digits_of_russia():
    assert is_bic("044525225")
    assert not any(is_bic(one) for one in ("144525225", "04452522", "0445252255", "04452522x", ""))
    assert not is_bic("04452522٥")


def test_roubles_stand_in_the_middle():
    assert is_in_roubles("40817810838123456789")
    assert not is_in_roubles("40817840838123456789")


def test_digits_are_read_however_they_are_grouped():
    assert digits_of("40817 810 8 3812 3456789") == "40817810838123456789"
    assert digits_of("4081-7810.8381\u00a02345\u20116789") == "40817810838123456789"
    assert digits_of("40817810838123456789a") == digits_of("") == digits_of("٠١") == ""


def test_what_is_as_long_as_a_cards_number_is_told_from_an_account():
    assert looks_like_a_card("2200 0000 0000 0004")
    assert looks_like_a_card("2200000000000005")  # A wrong check digit is a card mistyped.
    assert looks_like_a_card("1" * 19) and looks_like_a_card("1" * 13)
    assert not looks_like_a_card("40817810838123456789")
    assert not looks_like_a_card("+7 916 123-45-67") and not looks_like_a_card("Анна")


def test_the_end_is_enough_to_know_it_again():
    assert (end_of("40817810838123456789"), end_of("")) == ("•••• 6789", "")


def test_ten_days_are_given_and_the_last_two_are_urgent():
    due = pay_by(NOON)
    assert due == NOON + timedelta(days=10)
    assert not is_urgent(due, NOON + timedelta(days=8) - timedelta(seconds=1))
    assert is_urgent(due, NOON + timedelta(days=8))
