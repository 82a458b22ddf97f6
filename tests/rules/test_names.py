import pytest

from shop.rules.names import full_name, greeting, initials, looks_like_a_name, may_be_a_name


@pytest.mark.parametrize(
    ("given_name", "patronymic", "style", "addressed"),
    [
        ("Игорь", "Валерьянович", "name", "Игорь"),
        ("Игорь", "Валерьянович", "name_and_patronymic", "Игорь Валерьянович"),
        ("Игорь", "", "name_and_patronymic", "Игорь"),
    ],
)
def test_people_are_addressed_as_they_wish(given_name, patronymic, style, addressed):
    assert greeting(given_name, patronymic, style) == addressed


def test_a_full_name_is_what_documents_have():
    assert full_name("Секретов", "Игорь", "Валерьянович") == "Секретов Игорь Валерьянович"
    assert full_name("Ли", "Е") == "Ли Е"
    assert initials("Игорь", "Секретов") == "ИС"


@pytest.mark.parametrize("name", ["Игорь", "О'Коннор", "Анна-Мария", "А. С.", "Е", "José", "عمر"])
def test_names_look_like_names(name):
    assert looks_like_a_name(name)


@pytest.mark.parametrize(
    "name", ["http://evil.example", "Приз evil.example/x", "www evil", "пиши на a@b.ru", "я" * 61]
)
def test_advertisements_dont(name):
    assert not looks_like_a_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "О'Коннор",
        "О’Коннор",
        "Анна-Мария",
        "Ю",
        "Салтыков-Щедрин",
        "де ла Крус",
        "Ибн Сина",
        "Ли",
        "ван дер Ваальс",
        "Ёлкина",
        "Đặng",
        "محمد",
        "می\u200cخواهم",
        "田中",
        "Ян II",
        "А. С.",
        "Ася 🌷",
        "<i>Ы</i>",
        "ЮЛИЯ",
        "я" * 500,
    ],
)
def test_no_name_is_too_unusual(name):
    assert may_be_a_name(name)


@pytest.mark.parametrize(
    "name",
    ["", "-", "—", "123", "🙂", "Иг\x07орь", "Иг\u202eорь", "Иг\u2066орь", "Ив\u2028ан", "И\ue000"],
)
def test_what_isnt_writing_is_no_name(name):
    assert not may_be_a_name(name)


def test_a_mail_program_would_make_a_link_of_each_of_these():
    for text in ("a/b", "a@b", "a.b", "www", "Анна Ли a.b"):
        assert looks_like_a_name(text) is False
    assert looks_like_a_name("Анна-Мария И. Ли.") is True
    assert looks_like_a_name("я" * 60) is True
    assert looks_like_a_name("я" * 61) is False
