"""Numbers of bank cards are told from all the other numbers that a shop keeps."""

import pytest

from shop.rules.cards import card_numbers_in, card_told, masked, may_hold_a_card, passes_luhn


@pytest.mark.parametrize(
    "text",
    [
        "4111111111111111",
        "карта 4111 1111 1111 1111, спасибо",
        "4111-1111-1111-1111",
        "МИР: 2200123456789019.",
        "5555555555554444",
        "amex 378282246310005",
        "3782 822463 10005",
        '{"pan":"2223003122003222"}',
        "6304 0000 0000 0000 0",
    ],
)
def test_finds_a_card(text):
    found = list(card_numbers_in(text))

    assert len(found) == 1 and found[0].isdigit()
    assert may_hold_a_card(text)


@pytest.mark.parametrize(
    "text",
    [
        "4111111111111112",  # The check digit is wrong.
        "0042-1187 00421187 чайник",
        "1732444800000",
        "+7 916 123-45-67",
        "4242424242424242abc",
        "a4242424242424242",
        "5678901234567890123456789",
        "12345678-1234-4123-8123-123456789012",
        "4100111111111111",
        "4444444444444448888",
        "0000000000000000",
        "4111 1111-1111 1111",
        "",
    ],
)
def test_leaves_other_numbers_alone(text):
    assert list(card_numbers_in(text)) == []


def test_tells_only_the_beginning_and_the_end():
    assert masked("4111111111111111") == "411111••••••1111"
    assert masked("378282246310005") == "378282•••••0005"


def test_the_check_digit_catches_any_single_slip():
    right = "4111111111111111"

    wrong = [
        right[:place] + digit + right[place + 1 :]
        for place in range(len(right))
        for digit in "0123456789"
        if digit != right[place]
    ]

    assert passes_luhn(right)
    assert not any(passes_luhn(number) for number in wrong)


def test_what_may_be_told_of_a_card_is_its_scheme_and_its_end():
    assert card_told("Mir", "0004") == "Mir ···· 0004"
    assert card_told("", "0004") == "···· 0004"
    assert card_told("Mir", "") == ""
