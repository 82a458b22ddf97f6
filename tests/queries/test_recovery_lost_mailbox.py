"""What employees see of requests about lost mailboxes, on both databases."""

from datetime import timedelta

import pytest
from factories import NOON
from lost_mailboxes import approved, asked
from sqlalchemy.exc import NoResultFound

from shop.queries.recovery import request_at_desk, requests_at_desk
from shop.rules.devices import NO_DEVICE
from shop.services.auth import open_session
from shop.services.recovery import look_at_account, refuse_move


@pytest.fixture
def igor(make, inside):
    return make.account(
        "igor@example.ru", family_name="Семёнов", patronymic="Валерьянович", phone="+79161234567"
    )


@pytest.fixture
def vera(make, inside):
    return make.employee("support", given_name="Вера", family_name="Кладова")


@pytest.fixture
def olga(make, inside):
    return make.employee("support", given_name="Ольга", family_name="Речная")


def seen_by(employee, number, now=NOON):
    return request_at_desk(number=number, employee_id=employee.id, now=now)


def told(desk):
    return {line.name: (line.kept, line.mark) for line in desk.compared}


def test_what_was_told_stands_beside_what_is_known_masked(igor, vera, make):
    order = make.order(igor)
    number = asked(
        family_name="семенов",
        patronymic="",
        order_number=f" {order.number} ",
        order_kopecks=order.total_kopecks,
    )

    desk = seen_by(vera, number)

    assert told(desk) == {
        "family_name": ("С•••••в", "fits"),
        "given_name": ("И•••••ь", "fits"),
        "patronymic": ("В•••••ч", "not_given"),
        "old_email": ("i•••r@example.ru", "fits"),
        "order_number": (order.number, "fits"),
        "order_sum": ("•••••", "fits"),
    }
    assert (desk.account.phone, desk.account.order_count, desk.account.orders) == ("•••••67", 1, ())
    assert not desk.is_opened


def test_opened_they_are_whole_for_half_an_hour_and_for_this_employee_only(igor, vera, olga, make):
    order = make.order(igor)
    open_session(account_id=igor.id, way="password", device=NO_DEVICE, now=NOON)
    number, other = asked(), asked()
    look_at_account(number=number, employee_id=vera.id, now=NOON)

    desk = seen_by(vera, number, NOON + timedelta(minutes=29))

    assert told(desk)["family_name"] == ("Семёнов", "differs")
    assert (desk.account.phone, desk.account.seen_at) == ("+79161234567", NOON)
    assert [one.number for one in desk.account.orders] == [order.number]
    assert [(step.what, step.by) for step in desk.history] == [
        ("asked", ""),
        ("looked_at", "Кладова Вера"),
    ]
    for closed in (
        seen_by(vera, number, NOON + timedelta(minutes=30)),
        seen_by(olga, number),
        seen_by(vera, other),
    ):
        assert told(closed)["family_name"] == ("С•••••в", "differs")
        assert (closed.account.phone, closed.account.orders) == ("•••••67", ())


def test_the_history_says_who_did_what(igor, vera, olga):
    number = asked(source="phone", entered_by=olga.id)
    approved(number, vera, olga, now=NOON + timedelta(hours=1))
    later = NOON + timedelta(hours=2)
    refuse_move(number=number, employee_id=vera.id, reason="withdrawn", now=later)

    steps = [(step.what, step.by) for step in seen_by(vera, number).history]

    assert steps == [
        ("asked", "Речная Ольга"),
        ("approved", "Кладова Вера"),
        ("waiting", "Речная Ольга"),
        ("refused", "Кладова Вера"),
    ]


def test_what_bars_a_move_is_told(igor, vera, olga, make):
    first, second = asked(), asked(new_email="drugoi@example.org")
    approved(first, vera, olga)
    make.account("drugoi@example.org")

    assert seen_by(vera, second).account.is_on_its_way
    assert seen_by(vera, second).is_new_email_taken
    assert not seen_by(vera, first).account.is_on_its_way
    assert not seen_by(vera, first).is_new_email_taken
    assert seen_by(vera, first).is_mine_first and not seen_by(olga, first).is_mine_first


def test_an_employees_account_is_told_to_be_one(inside, vera, make):
    make.employee("owner", email="igor@example.ru")

    assert seen_by(vera, asked()).account.is_staff


def test_without_an_account_there_is_only_what_was_told(vera):
    desk = seen_by(vera, asked(old_email="nobody@example.ru", order_number="0042-1187"))

    assert desk.account is None
    assert {kept for kept, _ in told(desk).values()} == {""}


def test_what_concerns_an_employee_isnt_there(inside, igor, vera):
    numbers = asked(old_email=vera.email), asked(new_email=vera.email)

    for number in numbers:
        with pytest.raises(NoResultFound):
            seen_by(vera, number)
    desk = requests_at_desk(employee_id=vera.id, state="new")
    assert (desk.rows, desk.counts) == ((), {})


def test_what_waits_for_hands_comes_oldest_first_the_rest_newest_first(vera, igor):
    numbers = [asked(now=NOON + timedelta(days=day)) for day in range(3)]

    new = requests_at_desk(employee_id=vera.id, state="new")
    assert [row.number for row in new.rows] == numbers
    for number in numbers:
        refuse_move(number=number, employee_id=vera.id, reason="duplicate", now=NOON)
    refused = requests_at_desk(employee_id=vera.id, state="refused")
    assert [row.number for row in refused.rows] == numbers[::-1]
    assert (refused.counts, refused.has_more) == ({"refused": 3}, False)
