import pytest

from shop.queries.profile import profile_of
from shop.services.profile import change_names, choose_language


@pytest.mark.parametrize(
    ("family_name", "given_name", "patronymic"),
    [
        ("Римская-Корсакова", "Анна-Мария", ""),
        ("О'Коннор", "Ё", "Оглы"),
        ("Е", "Ли", ""),
        ("де ла Крус", "José", ""),
    ],
)
def test_names_are_kept_exactly_as_given(inside, make, family_name, given_name, patronymic):
    account = make.account()

    change_names(
        account_id=account.id,
        family_name=family_name,
        given_name=given_name,
        patronymic=patronymic,
        greeting="name_and_patronymic",
    )

    profile = profile_of(account_id=account.id)
    assert (profile.family_name, profile.given_name, profile.patronymic) == (
        family_name,
        given_name,
        patronymic,
    )
    assert profile.greeting == "name_and_patronymic"


def test_changing_names_leaves_others_alone(inside, make):
    account, other = make.account(), make.account()

    change_names(
        account_id=account.id,
        family_name="Новая",
        given_name="Анна",
        patronymic="",
        greeting="name",
    )

    assert profile_of(account_id=other.id).family_name == "Секретов"


def test_the_language_of_letters_is_remembered(inside, make):
    from shop.db import db
    from shop.models import Account

    account = make.account()

    choose_language(account_id=account.id, language="en")

    assert db.session.get_one(Account, account.id).language == "en"
