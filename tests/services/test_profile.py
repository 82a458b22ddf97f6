from dataclasses import replace
from datetime import date, timedelta

import pytest
from factories import NOON
from signing import together
from sqlalchemy import select

from shop.db import db
from shop.models import Account, AccountEvent
from shop.queries.profile import former_names, profile_of
from shop.rules.devices import Device
from shop.rules.profile import PersonalData
from shop.services.profile import change_profile, choose_language, note_event

IGOR = PersonalData("Секретов", "Игорь")


def change(account, told, now=NOON, **more):
    return change_profile(account_id=account.id, told=told, now=now, **more)


def log_of(account):
    query = select(AccountEvent).where(AccountEvent.account_id == account.id)
    events = db.session.scalars(query.order_by(AccountEvent.id))
    return [(event.kind, event.facts) for event in events]


def told_by(account):
    profile = profile_of(account_id=account.id)
    return PersonalData(*(getattr(profile, name) for name in PersonalData.__slots__))


@pytest.mark.parametrize(
    ("family_name", "given_name", "patronymic"),
    [
        ("Римская-Корсакова", "Анна-Мария", ""),
        ("О'Коннор", "Ё", "Оглы"),
        ("О’Коннор", "Ю", ""),
        ("Салтыков-Щедрин", "Ли", "Е"),
        ("де ла Крус", "José", ""),
        ("Ибн Сина", "ван дер Ваальс", ""),
        ("Đặng", "ЁЛКИНА", "محمد"),
    ],
)
def test_names_are_kept_exactly_as_given(inside, make, family_name, given_name, patronymic):
    account = make.account()
    told = PersonalData(family_name, given_name, patronymic, "name_and_patronymic")

    assert change(account, told)

    assert told_by(account) == told


def test_a_new_name_is_in_the_log_with_the_old_one(inside, make):
    anna = make.account(family_name="Секретова", given_name="Анна", patronymic="Петровна")
    told = PersonalData("Римская-Корсакова", "Анна", "Петровна")
    phone = Device("203.0.113.7", "Chrome, Android", "RU", "203.0.113.0/24")

    change(anna, told, device=phone)

    assert log_of(anna) == [
        (
            "name_changed",
            {"old": "Секретова Анна Петровна", "new": "Римская-Корсакова Анна Петровна"},
        )
    ]
    (event,) = db.session.scalars(select(AccountEvent))
    assert (event.happened_at, event.device, event.actor_id) == (NOON, "Chrome, Android", None)
    assert former_names(account_id=anna.id) == [("Секретова Анна Петровна", NOON)]


def test_another_greeting_is_in_the_log_as_letters_will_have_it(inside, make):
    igor = make.account(patronymic="Валерьянович")

    change(igor, replace(IGOR, patronymic="Валерьянович", greeting="name_and_patronymic"))

    assert log_of(igor) == [("greeting_changed", {"new": "Игорь Валерьянович"})]


def test_details_are_told_of_by_name_and_not_by_what_they_are(inside, make):
    igor = make.account()
    told = replace(IGOR, birth_on=date(1985, 3, 8), sex="male", phone="+79161234567")

    change(igor, told)

    assert told_by(igor) == told
    assert log_of(igor) == [
        ("details_changed", {"field": "birthday"}),
        ("details_changed", {"field": "sex"}),
        ("details_changed", {"field": "phone"}),
    ]


def test_details_can_be_taken_back(inside, make):
    igor = make.account(birth_on=date(1985, 3, 8), sex="male", phone="+79161234567")

    change(igor, IGOR)

    assert told_by(igor) == IGOR


def test_where_nothing_is_new_nothing_is_written(inside, make):
    igor = make.account(phone="+79161234567")

    assert not change(igor, replace(IGOR, phone="+79161234567"))

    assert log_of(igor) == []


def test_the_same_form_sent_twice_at_once_is_one_line_in_the_log(inside, make):
    igor = make.account()
    told = replace(IGOR, family_name="Римский-Корсаков")

    came = together(inside, *[lambda: change(igor, told)] * 3)

    assert sorted(came) == [False, False, True]
    assert len(log_of(igor)) == 1


def test_a_profile_is_changed_alone(inside, make):
    igor, other = make.account(), make.account()

    change(igor, PersonalData("Новая", "Анна"))

    assert told_by(other) == IGOR
    assert log_of(other) == []


def test_the_table_itself_refuses_what_is_no_sex_or_greeting(inside, make):
    igor = make.account()

    for told in (replace(IGOR, sex="guessed"), replace(IGOR, greeting="your majesty")):
        with pytest.raises(Exception, match="is_known"):
            change(igor, told)

    assert told_by(igor) == IGOR
    assert log_of(igor) == []


def test_an_order_keeps_the_name_it_was_made_with_and_letters_have_the_new_one(inside, make):
    from shop.queries.orders import letter_facts

    igor = make.account()
    order = make.order(igor)
    before = letter_facts(order_id=order.id)

    change(igor, PersonalData("Римский-Корсаков", "Николай"))

    after = letter_facts(order_id=order.id)
    assert (before["greeting"], after["greeting"]) == ("Игорь", "Николай")
    assert after["recipient_name"] == before["recipient_name"] == "Секретов Игорь"


def test_names_of_an_earlier_owner_are_not_told_to_the_next(inside, make):
    account = make.account()
    change(account, PersonalData("Старая", "Анна"), now=NOON)
    note_event(account_id=account.id, kind="handed_over", now=NOON + timedelta(days=1))
    assert former_names(account_id=account.id) == []

    change(account, PersonalData("Новая", "Анна"), now=NOON + timedelta(days=2))

    assert former_names(account_id=account.id) == [("Старая Анна", NOON + timedelta(days=2))]


def test_the_language_of_letters_is_remembered(inside, make):
    account = make.account()

    choose_language(account_id=account.id, language="en")

    assert db.session.get_one(Account, account.id).language == "en"
