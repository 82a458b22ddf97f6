from datetime import date

import pytest

from shop.rules.profile import NotABirthday, NotADate, PersonalData, birthday_of

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("written", "day"),
    [
        (("8", "3", "1985"), date(1985, 3, 8)),
        ((" 08 ", "03", "1985"), date(1985, 3, 8)),
        (("29", "2", "2024"), date(2024, 2, 29)),
        (("1", "1", "1900"), date(1900, 1, 1)),
        (("24", "11", "2026"), TODAY),
        (("", "", ""), None),
        ((" ", "", ""), None),
    ],
)
def test_three_fields_tell_a_birthday(written, day):
    assert birthday_of(*written, TODAY) == day


@pytest.mark.parametrize(
    "written",
    [
        ("29", "2", "2023"),
        ("31", "4", "1985"),
        ("0", "1", "1985"),
        ("1", "13", "1985"),
        ("8", "", "1985"),
        ("", "3", ""),
        ("8", "март", "1985"),
        ("-8", "3", "1985"),
        ("٨", "3", "1985"),
        ("8", "3", "19850"),
        ("00008", "3", "1985"),
        ("8", "3", "0"),
    ],
)
def test_what_the_calendar_doesnt_have_is_no_date(written):
    with pytest.raises(NotADate):
        birthday_of(*written, TODAY)


@pytest.mark.parametrize(
    "written", [("25", "11", "2026"), ("31", "12", "1899"), ("8", "3", "85"), ("1", "1", "9999")]
)
def test_nobody_was_born_in_the_future_or_so_long_ago(written):
    with pytest.raises(NotABirthday):
        birthday_of(*written, TODAY)


def test_a_person_is_named_and_addressed_as_they_wish():
    igor = PersonalData("Секретов", "Игорь", "Валерьянович", greeting="name_and_patronymic")
    anna = PersonalData("Ли", "Анна", "Петровна")

    assert (igor.full_name, igor.addressed) == ("Секретов Игорь Валерьянович", "Игорь Валерьянович")
    assert (anna.full_name, anna.addressed) == ("Ли Анна Петровна", "Анна")
