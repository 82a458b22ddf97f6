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


def test_a_foreign_number_is_taken_with_its_plus():
    assert phone_of("+375 29 123-45-67") == "+375291234567"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "123",
        "телефон",
        "+7916123456",
        "916123456789",
        "8916123456a",
        "٩١٦١٢٣٤٥٦٧",
        "+7+9161234567",
    ],
)
def test_what_is_no_number_is_none(typed):
    assert phone_of(typed) is None


def test_a_number_is_shown_in_groups():
    assert phone_shown("+79161234567") == "+7 916 123-45-67"
    assert phone_shown("+375291234567") == "+375291234567"
    assert phone_shown("") == ""
