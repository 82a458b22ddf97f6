"""The mailbox is lost too: two different employees decide."""

from datetime import timedelta

import pytest
from factories import NOON
from lost_mailboxes import approved, asked, events, request, state_of
from signing import letters, together
from sqlalchemy import update
from sqlalchemy.exc import NoResultFound

from shop.db import db
from shop.models import Account
from shop.rules.recovery import REFUSALS
from shop.services.recovery import (
    AnotherUnderWay,
    NewAddressTaken,
    NoSuchOwner,
    NotNow,
    SameEmployee,
    approve_first,
    approve_second,
    look_at_account,
    refuse_move,
)


@pytest.fixture
def igor(make, inside):
    return make.account("igor@example.ru", patronymic="Валерьянович")


@pytest.fixture
def vera(make, inside):
    return make.employee("support", email="vera@example.ru")


@pytest.fixture
def olga(make, inside):
    return make.employee("support", email="olga@example.ru")


def test_opening_the_data_is_noted_each_time_for_the_owner_to_read(igor, vera):
    number = asked()

    for minute in (1, 40):
        look_at_account(number=number, employee_id=vera.id, now=NOON + timedelta(minutes=minute))

    seen = [(one.account_id, one.actor_id, one.facts) for one in events()]
    assert seen == [(igor.id, vera.id, {"number": number})] * 2
    assert {one.kind for one in events()} == {"lost_mailbox_looked_at"}


def test_without_an_account_there_is_nothing_to_open_or_to_approve(inside, vera):
    number = asked(old_email="nobody@example.ru")

    for deed in (look_at_account, approve_first):
        with pytest.raises(NoSuchOwner):
            deed(number=number, employee_id=vera.id, now=NOON)
    assert state_of(number) == "new"

    refuse_move(number=number, employee_id=vera.id, reason="not_enough", now=NOON)
    assert state_of(number) == "refused"
    assert letters("lost_mailbox_refused")[0]["to"] == "novyi@example.org"


def test_two_different_employees_and_the_waiting_begins(igor, vera, olga):
    number = asked()

    approve_first(number=number, employee_id=vera.id, now=NOON)
    assert (state_of(number), len(letters())) == ("approved", 1)
    later = NOON + timedelta(hours=1)
    approve_second(number=number, employee_id=olga.id, now=later)

    kept = request(number)
    assert (kept.state, kept.first_approval_by, kept.second_approval_by) == (
        "waiting",
        vera.id,
        olga.id,
    )
    assert kept.waits_until == later + timedelta(hours=72)
    (warning,) = letters("lost_mailbox_warning")
    assert warning["to"] == "igor@example.ru"
    assert warning["facts"]["new_email"] == "n•••i@example.org"
    assert warning["facts"]["link"].startswith("/auth/lost-mailbox/objection?token=")
    assert kept.stop_token_hash not in warning["facts"]["link"]
    assert [(one.kind, one.actor_id) for one in events()] == [
        ("lost_mailbox_approved", vera.id),
        ("lost_mailbox_waiting", olga.id),
    ]
    assert db.session.get_one(Account, igor.id).email == "igor@example.ru"


def test_the_same_employee_is_not_two(igor, vera):
    number = asked()
    approved(number, vera)

    with pytest.raises(SameEmployee):
        approve_second(number=number, employee_id=vera.id, now=NOON)

    assert (state_of(number), letters("lost_mailbox_warning")) == ("approved", [])


def test_who_entered_a_request_may_be_one_of_the_two_and_not_both(igor, vera, olga):
    number = asked(source="phone", entered_by=vera.id)
    approved(number, vera)

    with pytest.raises(SameEmployee):
        approve_second(number=number, employee_id=vera.id, now=NOON)
    approve_second(number=number, employee_id=olga.id, now=NOON)

    assert state_of(number) == "waiting"


def test_a_step_is_taken_once(igor, vera, olga):
    number = asked()
    approved(number, vera)
    with pytest.raises(NotNow):
        approve_first(number=number, employee_id=olga.id, now=NOON)
    approve_second(number=number, employee_id=olga.id, now=NOON)

    with pytest.raises(NotNow):
        approve_second(number=number, employee_id=olga.id, now=NOON + timedelta(hours=1))

    assert request(number).waits_until == NOON + timedelta(hours=72)
    assert len(letters("lost_mailbox_warning")) == 1


def test_a_second_approval_needs_a_first(igor, olga):
    number = asked()

    with pytest.raises(NotNow):
        approve_second(number=number, employee_id=olga.id, now=NOON)

    assert state_of(number) == "new"


def test_two_first_approvals_at_once_are_one(inside, igor, vera, olga):
    number = asked()

    came = together(
        inside,
        lambda: approve_first(number=number, employee_id=vera.id, now=NOON),
        lambda: approve_first(number=number, employee_id=olga.id, now=NOON),
    )

    assert sorted(type(one).__name__ for one in came) == ["NoneType", "NotNow"]
    assert len(events("lost_mailbox_approved")) == 1


def test_two_second_approvals_at_once_begin_one_waiting(inside, make, igor, vera, olga):
    lev = make.employee("support", email="lev@example.ru")
    number = asked()
    approved(number, vera)

    came = together(
        inside,
        *[
            lambda who=who: approve_second(number=number, employee_id=who.id, now=NOON)
            for who in (olga, lev)
        ],
    )

    assert sorted(type(one).__name__ for one in came) == ["NoneType", "NotNow"]
    assert len(letters("lost_mailbox_warning")) == 1
    assert len(events("lost_mailbox_waiting")) == 1


def test_an_employee_never_meets_a_request_about_the_own_account_or_mailbox(make, igor, vera):
    about_vera = asked(old_email="vera@example.ru")
    to_vera = asked(new_email="vera@example.ru")

    for number in (about_vera, to_vera):
        for deed in (look_at_account, approve_first, approve_second):
            with pytest.raises(NoResultFound):
                deed(number=number, employee_id=vera.id, now=NOON)
        with pytest.raises(NoResultFound):
            refuse_move(number=number, employee_id=vera.id, reason="not_enough", now=NOON)
        assert state_of(number) == "new"
    assert events() == []


def test_no_move_to_an_address_that_is_another_accounts(make, igor, vera):
    make.account("novyi@example.org")
    number = asked()

    with pytest.raises(NewAddressTaken):
        approve_first(number=number, employee_id=vera.id, now=NOON)

    assert state_of(number) == "new"


def test_no_move_when_the_owner_has_changed_the_address_meanwhile(igor, vera, olga):
    number = asked()
    approved(number, vera)
    db.session.execute(update(Account).where(Account.id == igor.id).values(email="i@example.ru"))
    db.session.commit()

    with pytest.raises(NoSuchOwner):
        approve_second(number=number, employee_id=olga.id, now=NOON)

    assert state_of(number) == "approved"


def test_a_newer_request_may_be_opened_and_only_one_is_under_way(igor, vera, olga):
    first, second = asked(), asked(new_email="drugoi@example.org")
    approved(first, vera, olga)
    approved(second, vera)

    with pytest.raises(AnotherUnderWay):
        approve_second(number=second, employee_id=olga.id, now=NOON)

    assert (state_of(first), state_of(second)) == ("waiting", "approved")
    refuse_move(number=first, employee_id=vera.id, reason="duplicate", now=NOON)
    approve_second(number=second, employee_id=olga.id, now=NOON)
    assert (state_of(first), state_of(second)) == ("refused", "waiting")


def test_two_requests_approved_at_once_put_one_under_way(inside, igor, vera, olga):
    numbers = asked(), asked(new_email="drugoi@example.org")
    for number in numbers:
        approved(number, vera)

    came = together(
        inside,
        *[
            lambda number=number: approve_second(number=number, employee_id=olga.id, now=NOON)
            for number in numbers
        ],
    )

    assert sorted(type(one).__name__ for one in came) == ["AnotherUnderWay", "NoneType"]
    assert sorted(map(state_of, numbers)) == ["approved", "waiting"]


@pytest.mark.parametrize("reason", REFUSALS)
def test_a_refusal_has_a_reason_for_the_applicant_and_a_remark_for_colleagues(igor, vera, reason):
    number = asked()

    refuse_move(number=number, employee_id=vera.id, reason=reason, remark="Путает год", now=NOON)

    kept = request(number)
    assert (kept.state, kept.refusal, kept.note, kept.refused_by, kept.ended_at) == (
        "refused",
        reason,
        "Путает год",
        vera.id,
        NOON,
    )
    (letter,) = letters("lost_mailbox_refused")
    assert letter["to"] == "novyi@example.org"
    assert letter["facts"] == {"number": number, "reason": reason}
    assert [one.kind for one in events()] == ["lost_mailbox_refused"]


def test_a_refusal_of_what_waits_is_told_to_the_old_mailbox_too(igor, vera, olga):
    number = asked()
    approved(number, vera, olga)

    refuse_move(number=number, employee_id=vera.id, reason="withdrawn", now=NOON)

    assert [one["to"] for one in letters("lost_mailbox_stopped")] == ["igor@example.ru"]


def test_what_has_ended_is_not_refused_again(igor, vera, olga):
    number = asked()
    refuse_move(number=number, employee_id=vera.id, reason="withdrawn", now=NOON)

    with pytest.raises(NotNow):
        refuse_move(number=number, employee_id=olga.id, reason="not_enough", now=NOON)
    with pytest.raises(NotNow):
        approve_first(number=number, employee_id=olga.id, now=NOON)

    assert request(number).refusal == "withdrawn"
    assert len(letters("lost_mailbox_refused")) == 1
