import subprocess
import sys

import phonenumbers
import pytest

from shop.rules.phones import phone_of, phone_shown


@pytest.mark.parametrize(
    "typed",
    [
        "+79161234567",
        "89161234567",
        "9161234567",
        "8 (916) 123-45-67",
        "+7 916 123 45 67",
        "7-916-123-45-67",
    ],
)
def test_a_russian_number_is_kept_in_one_form(typed):
    assert phone_of(typed) == "+79161234567"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("+375 29 123-45-67", "+375291234567"),
        ("8 10 375 29 123-45-67", "+375291234567"),
        ("+44 (0)20 7946 0958", "+442079460958"),
        ("+39 06 698 12345", "+390669812345"),
        ("+1 202 555 0143", "+12025550143"),
        ("+998 90 123 45 67", "+998901234567"),
        ("+7 727 250-00-00", "+77272500000"),
    ],
)
def test_a_foreign_number_is_taken_with_its_plus(typed, kept):
    assert phone_of(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "123",
        "телефон",
        "+7916123456",
        "+791612345678",
        "916123456789",
        "8916123456a",
        "٩١٦١٢٣٤٥٦٧",
        "+7+9161234567",
        "+",
        "+8 916 123-45-67",
        "+999 123 456 789",
        "+375 29 123-45",
        "+1 202 555 01",
        "8 10 375 29",
        "+" + "1" * 400,
    ],
)
def test_what_is_no_number_is_none(typed):
    assert phone_of(typed) is None


def test_a_number_is_shown_as_its_country_writes_it():
    assert phone_shown("+79161234567") == "+7 916 123-45-67"
    assert phone_shown("+375291234567") == "+375 29 123-45-67"
    assert phone_shown("+12025550143") == "+1 202-555-0143"
    assert phone_shown("+99912345") == "+99912345"
    assert phone_shown("") == ""


def test_what_is_shown_can_be_typed_in_again_in_every_country():
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        example = phonenumbers.example_number(region)
        kept = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)

        assert phone_of(kept) == kept, region
        assert phone_of(phone_shown(kept)) == kept, region


def test_the_book_of_all_countries_stays_closed_for_russian_numbers():
    asked = "phones.phone_shown(phones.phone_of('8 916 123-45-67')); print('phonenumbers' in sys.modules)"

    told = subprocess.run(
        [sys.executable, "-c", f"import sys; from shop.rules import phones; {asked}"],
        capture_output=True,
        text=True,
        check=True,
    )

    assert told.stdout.strip() == "False"


def test_a_short_number_abroad_is_dialled_by_the_way_abroad_and_eleven_figures_are_russian():
    assert phone_of("8 10 298 201 234") == "+298201234"
    assert phone_of("8 102 902 34 56") == "+71029023456"
    assert phone_of("8+9161234567") is None
