"""An account that isn't handed over: wrong links, taken addresses, other changes under way."""

from datetime import timedelta

import pytest
from factories import NOON, PASSWORD
from moving import (
    OLD,
    OLGA,
    PHONE,
    TAKER,
    asked,
    confirm,
    handed_over,
    handovers,
    kept,
    offered,
    say_give,
    say_take,
    token,
    undo,
    written,
)
from signing import NEW_PASSWORD, letters, registered, sign_in, token_of
from sqlalchemy import select

from shop.db import db
from shop.models import (
    LostMailbox,
    StaffRole,
)
from shop.queries.security.moving import waiting_handover
from shop.services import recovery
from shop.services.auth import TooManyTries, confirm_by_token
from shop.services.security.email import MoveIsOver
from shop.services.security.handover import (
    AddressTaken,
    ChangedLately,
    EmployeesAccount,
    Newcomer,
    SameAddress,
    ask_for_handover,
    stop_handover_by_link,
)

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def igor(make):
    return make.account(OLD, patronymic="Валерьянович", greeting="name_and_patronymic")


def ask(account, new_email=TAKER, now=NOON):
    ask_for_handover(account_id=account.id, new_email=new_email, device=PHONE, now=now)


def stop(link, now=NOON):
    stop_handover_by_link(token=link, device=PHONE, now=now)


def is_igors(account):
    one = kept(account.id)
    return sign_in(OLD, PASSWORD) == account.id and (
        one.email,
        one.given_name,
        one.family_name,
    ) == (OLD, "Игорь", "Секретов")


@pytest.mark.parametrize("link", ["", "nonsense", "' OR 1=1 --", "я" * 500])
def test_a_made_up_link_changes_nothing(inside, igor, link):
    offered(igor)

    for deed in (say_give, say_take, stop):
        with pytest.raises(MoveIsOver):
            deed(link)
    assert is_igors(igor)


def test_the_sides_links_are_not_each_others(inside, igor):
    giver, taker = offered(igor)

    with pytest.raises(MoveIsOver):
        say_take(giver)
    with pytest.raises(MoveIsOver):
        say_give(taker)
    assert is_igors(igor)


def test_of_an_address_that_is_somebodys_only_its_mailbox_is_told(inside, igor, make):
    make.account(TAKER, given_name="Анна")

    ask(igor)

    assert written() == [("handover_giver", OLD), ("handover_taken", TAKER)]
    assert letters("handover_taken")[0]["facts"] == {"greeting": "Анна"}
    # The giver's cabinet looks as with an address that is nobody's.
    assert waiting_handover(account_id=igor.id, now=NOON).new_email == TAKER
    assert not say_give(token("handover_giver"))
    assert is_igors(igor)


def test_an_address_that_has_become_somebodys_meanwhile_takes_nothing(inside, igor):
    giver, taker = offered(igor)
    say_give(giver)
    anna = registered(TAKER, password=PASSWORD)
    confirm_by_token(token=token_of(letters("confirmation")[0]), now=NOON)

    with pytest.raises(AddressTaken):
        say_take(taker)

    assert is_igors(igor) and sign_in(TAKER, PASSWORD) == anna
    assert handovers()[0].taken_at is None


def test_nor_is_the_giver_told_that_it_has(inside, igor):
    giver, taker = offered(igor)
    say_take(taker)
    registered(TAKER)
    confirm_by_token(token=token_of(letters("confirmation")[0]), now=NOON)

    with pytest.raises(MoveIsOver):
        say_give(giver)

    assert is_igors(igor)


def test_ones_own_address_is_no_handover(inside, igor):
    with pytest.raises(SameAddress):
        ask(igor, "IGOR@example.ru")

    assert (written(), handovers()) == ([], [])


def test_an_account_whose_address_was_changed_lately_isnt_handed_over(inside, igor):
    """Or a thief's change, which the old mailbox may take back for a week, would become final at once."""
    link, back = asked(igor, "thief@example.ru")
    confirm(link)

    with pytest.raises(ChangedLately) as fault:
        ask(igor, now=NOON + 6 * DAY)

    assert fault.value.until == NOON + 7 * DAY
    assert handovers() == []
    undo(back, now=NOON + 6 * DAY)
    ask(igor, now=NOON + 6 * DAY)


def test_a_change_of_address_ends_the_handover_that_waits(inside, igor):
    giver, taker = offered(igor)
    say_take(taker)
    link, _ = asked(igor, "thief@example.ru")
    confirm(link)

    with pytest.raises(MoveIsOver):
        say_give(giver)
    assert (kept(igor.id).email, kept(igor.id).given_name) == ("thief@example.ru", "Игорь")
    assert handovers()[0].password_hash == ""


def test_a_password_recovered_by_the_givers_mailbox_ends_it(inside, igor):
    giver, taker = offered(igor)
    say_take(taker)
    recovery.send_link(email=OLD, now=NOON)
    recovery.choose_password(token=token("recovery"), password=NEW_PASSWORD, now=NOON)

    with pytest.raises(MoveIsOver):
        say_give(giver)
    assert sign_in(OLD, NEW_PASSWORD) == igor.id


def test_an_employees_account_isnt_handed_over(inside, make):
    employee = make.employee("support", email=OLD)

    with pytest.raises(EmployeesAccount):
        ask(employee)

    assert (written(), handovers()) == ([], [])


def test_nor_when_it_became_an_employees_meanwhile(inside, igor):
    giver, taker = offered(igor)
    say_take(taker)
    db.session.add(StaffRole(account_id=igor.id, role="owner", given_at=NOON))
    db.session.commit()

    with pytest.raises(MoveIsOver):
        say_give(giver)
    assert is_igors(igor)


def test_a_newer_asking_ends_the_older(inside, igor):
    giver, taker = offered(igor)
    say_take(taker)
    offered(igor, "another@example.ru", now=NOON + HOUR)

    with pytest.raises(MoveIsOver):
        say_give(giver)
    assert waiting_handover(account_id=igor.id, now=NOON).new_email == "another@example.ru"
    assert is_igors(igor)


def test_a_request_about_a_lost_mailbox_doesnt_bring_the_account_back_to_the_giver(inside, igor):
    db.session.add(
        LostMailbox(
            number="1",
            account_id=igor.id,
            family_name="Секретов",
            given_name="Игорь",
            old_email=OLD,
            new_email="igor@new.example",
            state="waiting",
            asked_at=NOON,
        )
    )
    db.session.commit()

    handed_over(igor)

    assert db.session.scalar(select(LostMailbox.state)) == "stopped"


def test_asking_is_limited_for_the_account_and_for_the_mailbox_alike(inside, igor, make):
    for number in range(5):
        ask(igor, f"n{number}@x.ru")
        ask(make.account())

    for account, email in ((igor, "n6@x.ru"), (make.account(), TAKER)):
        with pytest.raises(TooManyTries) as fault:
            ask(account, email)
        assert fault.value.wait == HOUR


def test_the_new_owner_may_hand_it_over_again(inside, igor):
    handed_over(igor)
    giver, taker = offered(igor, OLD, now=NOON + DAY)

    say_give(giver, now=NOON + DAY)
    assert say_take(taker, Newcomer("Игорь", "Секретов", "", PASSWORD), now=NOON + DAY)

    assert is_igors(igor)
    assert OLGA.given_name not in {kept(igor.id).given_name}
