"""The mailbox is lost too: asking that the account be moved."""

from datetime import timedelta

import pytest
from factories import NOON
from lost_mailboxes import asked, events, request, state_of
from signing import letters, together
from sqlalchemy import func, select

from shop.db import db
from shop.models import LostMailbox
from shop.services.auth import TooManyTries


@pytest.fixture
def igor(make, inside):
    return make.account("igor@example.ru", patronymic="Валерьянович")


@pytest.fixture
def vera(make, inside):
    return make.employee("support", email="vera@example.ru")


@pytest.fixture
def olga(make, inside):
    return make.employee("support", email="olga@example.ru")


def test_a_request_is_kept_as_it_was_told_and_answered_to_the_new_address(igor):
    number = asked(order_number="0042-1187", order_kopecks=149000, knowledge="Чайник, синий")

    kept = request(number)
    assert (kept.state, kept.source, kept.account_id) == ("new", "form", igor.id)
    assert (kept.family_name, kept.given_name, kept.patronymic) == (
        "Секретов",
        "Игорь",
        "Валерьянович",
    )
    assert (kept.order_number, kept.order_kopecks, kept.knowledge) == (
        "0042-1187",
        149000,
        "Чайник, синий",
    )
    (letter,) = letters()
    assert letter == {
        "letter": "lost_mailbox_received",
        "to": "novyi@example.org",
        "language": "ru",
        "facts": {"number": number},
    }
    assert events() == []


def test_without_an_account_all_is_the_same_but_for_what_employees_see(inside):
    number = asked(old_email="nobody@example.ru")

    assert (state_of(number), request(number).account_id) == ("new", None)
    assert [one["letter"] for one in letters()] == ["lost_mailbox_received"]


def test_an_address_that_was_never_proved_is_nobodys(make, inside):
    make.account("igor@example.ru", confirmed=False)

    assert request(asked()).account_id is None


def test_a_form_sent_twice_is_one_request(igor):
    first = asked(key="once")

    assert asked(key="once") == first
    assert db.session.scalar(select(func.count(LostMailbox.id))) == 1
    assert len(letters()) == 1


def test_two_sendings_of_one_form_at_once_are_one_request(inside, igor):
    numbers = together(inside, *[lambda: asked(key="once")] * 2)

    assert numbers[0] == numbers[1]
    assert db.session.scalar(select(func.count(LostMailbox.id))) == 1


@pytest.mark.parametrize("email", ["igor@example.ru", "nobody@example.ru"])
def test_three_a_day_for_one_old_address_whether_it_is_known_or_not(igor, email):
    for hour in range(3):
        asked(old_email=email, address=f"203.0.113.{hour}", now=NOON + timedelta(hours=hour))

    with pytest.raises(TooManyTries) as fault:
        asked(old_email=email, address="203.0.113.9", now=NOON + timedelta(hours=4))

    assert fault.value.wait == timedelta(hours=20)
    assert db.session.scalar(select(func.count(LostMailbox.id))) == 3
    asked(old_email=email, now=NOON + timedelta(hours=24))


def test_five_an_hour_from_one_place(inside):
    for number in range(5):
        asked(old_email=f"igor{number}@example.ru", address="203.0.113.7")

    with pytest.raises(TooManyTries):
        asked(old_email="anna@example.ru", address="203.0.113.7", now=NOON + timedelta(minutes=59))

    asked(old_email="anna@example.ru", address="203.0.113.7", now=NOON + timedelta(hours=1))


def test_a_new_address_gets_three_letters_a_day_and_the_request_is_taken_all_the_same(inside):
    for number in range(4):
        asked(old_email=f"igor{number}@example.ru")

    assert len(letters("lost_mailbox_received")) == 3
    assert db.session.scalar(select(func.count(LostMailbox.id))) == 4


def test_what_an_employee_enters_is_not_counted_and_says_who_and_whence(igor, vera):
    for _ in range(4):
        number = asked(source="phone", entered_by=vera.id)

    assert (request(number).source, request(number).entered_by) == ("phone", vera.id)
