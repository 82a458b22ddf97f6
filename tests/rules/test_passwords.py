import pytest

from shop.rules.passwords import is_easy_to_guess, written_one_way


@pytest.mark.parametrize(
    "password",
    [
        "password",
        "PASSWORD1",
        "12345678",
        "qwertyuiop",
        "йцукенгш",
        "ghbdtn123",
        "11111111",
        "абабабаб",
        "пароль 123",
    ],
)
def test_what_is_tried_first_is_easy_to_guess(password):
    assert is_easy_to_guess(password)


@pytest.mark.parametrize(
    "password", ["igor@example.ru", "Секретов", "игорьсекретов", "секретов игорь", "secretov77"]
)
def test_ones_own_name_and_address_are_easy_to_guess(password):
    assert is_easy_to_guess(
        password, "Игорь", "Секретов", "secretov77@example.ru", "igor@example.ru"
    )


@pytest.mark.parametrize(
    "password",
    ["abcabcabc", "correct horse", "семь пятниц на неделе", "🐘🦒🦓🐆🦏🐊🦛🐘", "Tr0ub4dor&3"],
)
def test_others_are_not(password):
    assert not is_easy_to_guess(password, "Игорь", "Секретов", "igor@example.ru")


def test_a_letter_in_two_pieces_is_the_same_letter():
    assert written_one_way("и\u0306") == written_one_way("й") == "й"
