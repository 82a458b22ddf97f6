"""«Delete my account»: what is waited for, what goes along, and what may go wrong meanwhile."""

from datetime import timedelta

import pytest
from factories import NOON
from leaving import EMAIL, HERE, LATER, everything_kept, full_life, letters, pelageya
from signing import account, registered, together
from sqlalchemy import func, select, update

from shop.db import db
from shop.gateways import exports
from shop.models import (
    Account,
    DataExport,
    Order,
    OutboxItem,
    PaymentRefund,
)
from shop.services.auth import confirm_by_token
from shop.services.notices import queue_letter
from shop.services.security import farewell as deeds
from shop.services.security.farewell import ask_to_end, end_due_accounts, stay
from shop.services.security.forgetting import GONE, KEPT

MONTH = timedelta(days=30)
THE_DAY = NOON + MONTH


def ask(person, session_id=0, now=NOON):
    return ask_to_end(account_id=person.id, session_id=session_id, device=HERE, now=now)


def ended(person, now=THE_DAY):
    ask(person)
    return end_due_accounts(now=now)


@pytest.mark.parametrize("state", ["awaiting_payment", "paid", "assembling", "shipped"])
def test_an_order_under_way_is_waited_for(inside, make, state):
    person = pelageya(make)
    make.order(person, state=state)
    ask(person)

    assert end_due_accounts(now=THE_DAY) == 0
    assert account(person.id).email == EMAIL

    db.session.execute(update(Order).values(state="received"))
    db.session.commit()
    assert end_due_accounts(now=THE_DAY) == 1


def test_money_on_its_way_back_is_waited_for(inside, make):
    person = full_life(inside, make)
    db.session.execute(update(PaymentRefund).values(state="pending"))
    db.session.commit()

    assert ended(person) == 0
    # What a person must pay by hand is still owed.
    db.session.execute(update(PaymentRefund).values(state="manual_due"))
    db.session.commit()
    assert end_due_accounts(now=THE_DAY) == 0
    db.session.execute(update(PaymentRefund).values(state="paid_manually"))
    db.session.commit()
    assert end_due_accounts(now=THE_DAY) == 1


def test_somebody_elses_order_holds_nobody_up(inside, make):
    person = pelageya(make)
    make.order(make.account(), state="paid")

    assert ended(person) == 1


def test_nobody_elses_things_are_touched(inside, make):
    anna = full_life(inside, make)
    db.session.execute(update(Account).where(Account.id == anna.id).values(email="a@example.ru"))
    db.session.commit()
    before = everything_kept()
    leaving = make.account("leaving@example.ru")

    assert ended(leaving) == 1

    lines = set(everything_kept().splitlines())
    assert [line for line in before.splitlines() if line not in lines] == []


def test_unsent_letters_to_the_address_are_dropped_but_the_last_one(inside, make):
    person, igor = full_life(inside, make), make.account()
    queue_letter(
        letter="password_changed", to=igor.email, language="ru", facts={}, once_key="i", now=NOON
    )

    ended(person)

    letters = select(OutboxItem.payload).where(OutboxItem.kind == "letter").order_by(OutboxItem.id)
    waiting = db.session.scalars(letters).all()
    assert [(one["letter"], one["to"]) for one in waiting if one["to"] == EMAIL] == [
        ("account_ended", EMAIL)
    ]
    assert [one["letter"] for one in waiting if one["to"] == igor.email] == ["password_changed"]


def test_a_mailbox_that_is_dead_is_forgotten_after_a_week(inside, make):
    person = pelageya(make)
    ended(person)

    end_due_accounts(now=THE_DAY + timedelta(days=6))
    assert EMAIL in everything_kept()
    end_due_accounts(now=THE_DAY + timedelta(days=8))
    assert EMAIL not in everything_kept()


def test_nobody_writes_to_an_emptied_account(inside, make):
    queue_letter(
        letter="payment_returned",
        to="deleted-17@deleted.invalid",
        language="ru",
        facts={},
        once_key="x",
        now=NOON,
    )

    assert db.session.scalar(select(func.count(OutboxItem.id))) == 0


def test_the_same_e_mail_may_register_anew(inside, make):
    person = pelageya(make)
    ended(person)

    new = registered(EMAIL, now=THE_DAY)
    link = letters("confirmation")[-1]["facts"]["link"]
    assert confirm_by_token(token=link.partition("token=")[2], now=THE_DAY) == new
    assert new != person.id


def test_unproved_claims_to_the_mailbox_go_too(inside, make):
    person = pelageya(make)
    claim = make.account(EMAIL, confirmed=False, given_name="Пелагея", family_name="Черноглазова")

    ended(person)

    assert account(claim.id).email == f"deleted-{claim.id}@deleted.invalid"
    assert account(claim.id).given_name == ""


def test_copies_of_the_data_go_with_the_account(inside, make):
    person = pelageya(make)
    file = exports.write(
        language="ru",
        about={"shop": "", "person": "", "made_at": NOON},
        chapters=(),
        left_out={},
    ).name
    db.session.add(DataExport(account_id=person.id, state="ready", file=file, asked_at=NOON))
    db.session.commit()

    ended(person)

    with pytest.raises(FileNotFoundError):
        exports.FOLDER.open(file)
    assert db.session.scalar(select(func.count(DataExport.id))) == 0


def test_ending_twice_changes_nothing_more(inside, make):
    ended(full_life(inside, make))
    before = everything_kept()

    assert end_due_accounts(now=THE_DAY + timedelta(hours=1)) == 0
    assert everything_kept() == before


def test_a_crash_in_the_middle_has_changed_nothing(inside, make, monkeypatch):
    person = full_life(inside, make)
    ask(person)
    before = everything_kept()

    class Killed(BaseException):
        pass

    def dies(**_facts):
        raise Killed

    with monkeypatch.context() as patched:
        real = deeds.forget_person
        patched.setattr(deeds, "forget_person", lambda **facts: (real(**facts), dies()))
        with pytest.raises(Killed):
            end_due_accounts(now=THE_DAY)
    db.session.rollback()
    assert everything_kept() == before

    assert end_due_accounts(now=THE_DAY) == 1


def test_one_account_that_cannot_be_ended_holds_up_no_other(inside, make, monkeypatch):
    first, second = pelageya(make), make.account()
    ask(first), ask(second, now=LATER)
    real = deeds.forget_person

    def fails(*, account_id, now):
        if account_id == first.id:
            raise ZeroDivisionError
        return real(account_id=account_id, now=now)

    monkeypatch.setattr(deeds, "forget_person", fails)

    assert end_due_accounts(now=THE_DAY + timedelta(days=1)) == 1
    assert account(first.id).email == EMAIL
    assert account(second.id).ended_at is not None


def test_thinking_better_of_it_at_the_last_moment_is_either_in_time_or_too_late(inside, make):
    for number in range(4):
        person = make.account(f"last{number}@example.ru")
        ask(person)

        kept, count = together(
            inside,
            lambda who=person.id: stay(account_id=who, device=HERE, now=THE_DAY),
            lambda: end_due_accounts(now=THE_DAY),
        )

        assert (kept, count) in {(True, 0), (False, 1)}
        assert (account(person.id).ended_at is None) is kept


def test_two_workers_end_an_account_once(inside, make):
    person = pelageya(make)
    ask(person)

    def deed():
        return end_due_accounts(now=THE_DAY)

    assert sorted(together(inside, deed, deed)) == [0, 1]
    assert len(letters("account_ended")) == 1


def test_every_table_that_points_at_an_account_is_thought_of(inside):
    named = {model.__tablename__ for model in GONE} | set(KEPT)
    key = Account.__table__.c.id
    pointing = {
        table.name
        for table in db.metadata.sorted_tables
        for column in table.columns
        if any(link.references(key.table) for link in column.foreign_keys)
    }

    assert pointing - named == set()
