import pytest

from shop.rules.recovery import (
    REFUSALS,
    STATES,
    mark,
    masked_phone,
    masked_word,
    order_number_in,
    request_number,
)


@pytest.mark.parametrize(
    ("given", "kept", "said"),
    [
        ("Секретов", "Секретов", "fits"),
        (" секретов ", "СЕКРЕТОВ", "fits"),
        ("Семёнов", "Семенов", "fits"),
        ("Анна - Мария", "Анна-Мария", "fits"),
        ("О’Коннор", "О'Коннор", "fits"),
        ("Секретова", "Секретов", "differs"),
        ("", "Секретов", "not_given"),
        ("", "", "not_given"),
        ("Валерьянович", "", "not_kept"),
    ],
)
def test_names_are_compared_as_people_would(given, kept, said):
    assert mark(given, kept) == said


@pytest.mark.parametrize(
    ("told", "number"),
    [
        ("0042-1187", "0042-1187"),
        ("№ 0042 1187", "0042-1187"),
        ("00421187", "0042-1187"),
        ("421187", ""),
        ("не помню", ""),
        ("", ""),
    ],
)
def test_an_orders_number_is_read_however_it_is_told(told, number):
    assert order_number_in(told) == number


@pytest.mark.parametrize(
    ("word", "shown"),
    [
        ("Секретов", "С•••••в"),
        ("Ли", "Л•••••"),
        ("Лев", "Л•••••"),
        ("Лена", "Л•••••а"),
        ("О", "О•••••"),
        ("", ""),
    ],
)
def test_a_masked_word_tells_neither_itself_nor_its_length(word, shown):
    assert masked_word(word) == shown


def test_a_masked_telephone_keeps_two_figures():
    assert (masked_phone("+79161234567"), masked_phone("")) == ("•••••67", "")


def test_a_requests_number_cant_be_taken_for_an_orders():
    assert request_number(482177304) == "482-177-304"
    assert request_number(7) == "000-000-007"
    assert order_number_in(request_number(482177304)) == ""


def test_states_and_reasons_fit_their_columns():
    assert max(map(len, STATES)) <= 12
    assert max(map(len, REFUSALS)) <= 40
