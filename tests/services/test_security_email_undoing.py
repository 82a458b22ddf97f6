"""Another e-mail is taken back by the mailbox that was before."""

from datetime import timedelta

import pytest
from factories import NOON, PASSWORD
from moving import (
    NEW,
    OLD,
    PHONE,
    asked,
    confirm,
    email_of,
    events,
    facts_of,
    kept,
    open_sessions,
    token,
    undo,
    written,
)
from signing import NEW_PASSWORD, letters, sign_in
from sqlalchemy import select

from shop.db import db
from shop.models import EmailChange, Passkey, Recovery, RecoveryCode, SecondStep
from shop.queries.security.moving import change_to_stop
from shop.services import recovery
from shop.services.auth import TooManyTries, WrongCredentials, open_session
from shop.services.security.email import (
    AddressTaken,
    ChangeIsDone,
    MoveIsOver,
    ask_for_change,
    stop_change_by_link,
)

DAY = timedelta(days=1)


@pytest.fixture
def igor(make):
    return make.account(OLD, patronymic="Валерьянович", greeting="name_and_patronymic")


def session(account, now=NOON):
    return open_session(account_id=account.id, way="password", device=PHONE, now=now)


def passkey(account, name, created_at):
    db.session.add(
        Passkey(
            account_id=account.id,
            credential_id=name.encode(),
            public_key=b"key",
            user_handle=b"handle",
            transports=[],
            name=name,
            created_at=created_at,
        )
    )
    db.session.commit()


def second_step(account, works_since):
    db.session.add(SecondStep(account_id=account.id, sealed_secret="x", works_since=works_since))
    db.session.add(RecoveryCode(account_id=account.id, code_hash="h"))
    db.session.commit()


def test_stopping_too_late_says_so(inside, igor):
    link, stop = asked(igor)
    confirm(link)

    with pytest.raises(ChangeIsDone):
        stop_change_by_link(token=stop, device=PHONE, now=NOON)

    assert email_of(igor) == NEW


@pytest.mark.parametrize("letter", ["email_change_warning", "email_changed"])
def test_either_letter_takes_the_change_back_for_a_week(inside, igor, letter):
    session(igor)
    link, _ = asked(igor)
    confirm(link, but=open_sessions(igor)[0])
    late = NOON + 7 * DAY - timedelta(seconds=1)

    assert undo(token(letter), now=late) == igor.id

    assert email_of(igor) == OLD
    assert sign_in(OLD, NEW_PASSWORD) == igor.id
    for email, password in ((OLD, PASSWORD), (NEW, PASSWORD), (NEW, NEW_PASSWORD)):
        with pytest.raises(WrongCredentials):
            sign_in(email, password)
    assert open_sessions(igor) == []
    assert events(igor)[-1] == "email_change_undone"
    assert facts_of(igor, "email_change_undone") == {"old": NEW, "new": OLD}
    assert written()[3:] == [("email_change_undone", OLD), ("email_change_undone", NEW)]


def test_after_a_week_nothing_is_taken_back(inside, igor):
    link, stop = asked(igor)
    confirm(link)

    assert change_to_stop(token=stop, now=NOON + 7 * DAY) is None
    with pytest.raises(MoveIsOver):
        undo(stop, now=NOON + 7 * DAY)
    assert email_of(igor) == NEW and sign_in(NEW, PASSWORD) == igor.id


def test_the_change_is_taken_back_once(inside, igor):
    link, stop = asked(igor)
    confirm(link)
    undo(stop)

    for deed in (lambda: undo(stop, "another one's"), lambda: confirm(link)):
        with pytest.raises(MoveIsOver):
            deed()
    assert sign_in(OLD, NEW_PASSWORD) == igor.id


def test_an_old_address_that_another_account_has_by_now_doesnt_come_back(inside, igor, make):
    link, stop = asked(igor)
    confirm(link)
    make.account(OLD)

    with pytest.raises(AddressTaken):
        undo(stop)

    assert email_of(igor) == NEW and sign_in(NEW, PASSWORD) == igor.id


def test_a_thiefs_second_change_neither_keeps_the_owner_out_nor_leads_the_thief_back(inside, igor):
    first, owners = asked(igor)
    confirm(first)
    second, thiefs = asked(igor, "thief@second.example", now=NOON + DAY)
    confirm(second, now=NOON + DAY)

    undo(owners, now=NOON + 2 * DAY)

    assert email_of(igor) == OLD
    for deed in (lambda: undo(thiefs, "thief's own", now=NOON + 2 * DAY), lambda: confirm(second)):
        with pytest.raises(MoveIsOver):
            deed()
    assert sign_in(OLD, NEW_PASSWORD) == igor.id
    told = [to for letter, to in written() if letter == "email_change_undone"]
    assert told == [OLD, "thief@second.example", NEW]


def test_undoing_ends_whatever_else_the_thief_had_begun(inside, igor):
    link, stop = asked(igor)
    confirm(link)
    third, _ = asked(igor, "third@example.ru")
    recovery.send_link(email=NEW, now=NOON)

    undo(stop)

    with pytest.raises(MoveIsOver):
        confirm(third)
    with pytest.raises(recovery.LinkIsOver):
        recovery.choose_password(token=token("recovery"), password="thief's own", now=NOON)
    assert sign_in(OLD, NEW_PASSWORD) == igor.id


def test_undoing_takes_away_the_keys_that_came_after_the_change_was_asked_and_no_others(
    inside, igor
):
    passkey(igor, "mine", NOON - DAY)
    link, stop = asked(igor)
    passkey(igor, "thief's", NOON)
    second_step(igor, NOON)
    confirm(link)

    undo(stop)

    assert db.session.scalars(select(Passkey.name)).all() == ["mine"]
    assert db.session.scalars(select(SecondStep.account_id)).all() == []
    assert db.session.scalars(select(RecoveryCode.id)).all() == []


def test_a_second_step_from_before_the_change_stays(inside, igor):
    second_step(igor, NOON - DAY)
    link, stop = asked(igor)
    confirm(link)

    undo(stop)

    assert db.session.scalars(select(SecondStep.account_id)).all() == [igor.id]
    assert len(db.session.scalars(select(RecoveryCode.id)).all()) == 1


def test_a_recovery_link_in_the_old_mailbox_is_void_after_the_change(inside, igor):
    recovery.send_link(email=OLD, now=NOON)
    link, _ = asked(igor)

    confirm(link)

    with pytest.raises(recovery.LinkIsOver):
        recovery.choose_password(token=token("recovery"), password=NEW_PASSWORD, now=NOON)
    assert db.session.scalar(select(Recovery.used_at)) == NOON
    assert sign_in(NEW, PASSWORD) == igor.id


def test_a_password_recovered_by_the_old_mailbox_ends_the_change_that_waits(inside, igor):
    link, _ = asked(igor)
    recovery.send_link(email=OLD, now=NOON)

    recovery.choose_password(token=token("recovery"), password=NEW_PASSWORD, now=NOON)

    with pytest.raises(MoveIsOver):
        confirm(link)
    assert email_of(igor) == OLD


def test_asking_is_limited_for_the_account_and_for_the_mailbox_alike(inside, igor, make):
    for number in range(5):
        ask_for_change(account_id=igor.id, new_email=f"n{number}@x.ru", device=PHONE, now=NOON)
        other = make.account()
        ask_for_change(account_id=other.id, new_email=NEW, device=PHONE, now=NOON)

    for account, email in ((igor, "n6@x.ru"), (make.account(), NEW)):
        with pytest.raises(TooManyTries) as fault:
            ask_for_change(account_id=account.id, new_email=email, device=PHONE, now=NOON)
        assert fault.value.wait == timedelta(hours=1)
    assert len(letters()) == 20


def test_an_emptied_account_moves_nowhere(inside, igor):
    link, _ = asked(igor)
    kept(igor.id).ended_at = NOON
    db.session.commit()

    with pytest.raises(MoveIsOver):
        confirm(link)

    assert email_of(igor) == OLD
    assert db.session.scalar(select(EmailChange.confirmed_at)) is None
