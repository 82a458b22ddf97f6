"""«Delete my account»: a month to think, then nothing of the person is left, and the books still add up."""

from datetime import timedelta

import pytest
from factories import NOON, PASSWORD
from leaving import EMAIL, HERE, LATER, TRACES, everything_kept, full_life, letters, pelageya
from signing import account, sign_in
from sqlalchemy import select

from shop.db import db
from shop.gateways import mail
from shop.models import (
    AccountEvent,
    EmailChange,
    Handover,
    LostMailbox,
    Order,
    OrderLine,
    PaymentAttempt,
    PaymentRefund,
    StaffRole,
    UserSession,
)
from shop.rules.auth import token_hash
from shop.services.auth import WrongCredentials, open_session
from shop.services.notices import work_through
from shop.services.security.farewell import IsEmployees, ask_to_end, end_due_accounts, stay

MONTH = timedelta(days=30)
THE_DAY = NOON + MONTH


def ask(person, session_id=0, now=NOON):
    return ask_to_end(account_id=person.id, session_id=session_id, device=HERE, now=now)


def ended(person, now=THE_DAY):
    ask(person)
    return end_due_accounts(now=now)


def open_sessions(person):
    of = (UserSession.account_id == person.id, UserSession.ended_at.is_(None))
    return list(db.session.scalars(select(UserSession.id).where(*of)))


def signed_in(person):
    token = open_session(account_id=person.id, way="password", device=HERE, now=NOON)
    of = UserSession.token_hash == token_hash(token)
    return db.session.scalars(select(UserSession.id).where(of)).one()


def kinds(person):
    of = AccountEvent.account_id == person.id
    return list(db.session.scalars(select(AccountEvent.kind).where(of).order_by(AccountEvent.id)))


def test_asking_gives_a_month_and_writes_a_letter(inside, make):
    person = pelageya(make)

    assert ask(person) == THE_DAY

    assert (account(person.id).ends_at, account(person.id).ended_at) == (THE_DAY, None)
    letter = letters("account_ends")[0]
    assert letter["to"] == EMAIL
    assert letter["facts"]["ends_at"] == THE_DAY.isoformat()
    assert kinds(person) == ["deletion_asked"]


def test_every_other_device_is_signed_out_at_once(inside, make):
    person = pelageya(make)
    here, _ = signed_in(person), signed_in(person)

    ask(person, session_id=here)

    assert open_sessions(person) == [here]


def test_asked_twice_is_asked_once(inside, make):
    person = pelageya(make)

    assert ask(person) == ask(person, now=LATER) == THE_DAY
    assert len(letters("account_ends")) == 1


def test_what_would_move_the_account_ends_but_the_old_mailbox_may_still_take_it_back(inside, make):
    person = full_life(inside, make)
    db.session.add(
        EmailChange(
            account_id=person.id,
            old_email=EMAIL,
            new_email="x@example.ru",
            token_hash="1" * 64,
            undo_token_hash="2" * 64,
            asked_at=NOON,
            expires_at=LATER,
        )
    )
    db.session.commit()

    ask(person)

    changes = db.session.execute(
        select(EmailChange.confirmed_at, EmailChange.ended_at).order_by(EmailChange.id)
    )
    assert [tuple(row) for row in changes] == [(NOON, None), (None, NOON)]
    handover = db.session.scalars(select(Handover)).one()
    assert (handover.ended_at, handover.family_name) == (NOON, "")


def test_an_employees_account_does_not_end(inside, make):
    employee = make.employee("support")

    with pytest.raises(IsEmployees):
        ask(employee)

    assert account(employee.id).ends_at is None
    assert (kinds(employee), letters("account_ends")) == ([], [])


def test_who_was_given_a_role_meanwhile_is_kept(inside, make):
    person = pelageya(make)
    ask(person)
    db.session.add(StaffRole(account_id=person.id, role="support", given_at=LATER))
    db.session.commit()

    assert end_due_accounts(now=THE_DAY) == 0
    assert account(person.id).email == EMAIL


def test_thinking_better_of_it_keeps_everything(inside, make):
    person = full_life(inside, make)
    before = everything_kept()
    ask(person)

    assert stay(account_id=person.id, device=HERE, now=LATER) is True
    assert stay(account_id=person.id, device=HERE, now=LATER) is False

    assert account(person.id).ends_at is None
    assert kinds(person)[-2:] == ["deletion_asked", "deletion_stopped"]
    assert len(letters("account_kept")) == 1
    assert end_due_accounts(now=THE_DAY) == 0
    assert before.count("shop_order:") == everything_kept().count("shop_order:") == 1
    assert account(person.id).given_name == "Пелагея"


def test_one_may_ask_again_after_having_stayed(inside, make):
    person = pelageya(make)
    ask(person)
    stay(account_id=person.id, device=HERE, now=LATER)

    assert ask(person, now=LATER) == LATER + MONTH
    assert len(letters("account_ends")) == 2


def test_nothing_ends_before_its_day(inside, make):
    person = pelageya(make)
    ask(person)

    assert end_due_accounts(now=THE_DAY - timedelta(seconds=1)) == 0
    assert account(person.id).email == EMAIL
    assert sign_in(EMAIL, PASSWORD) == person.id


def test_after_the_day_nothing_that_says_who_it_was_is_left(inside, make, monkeypatch):
    person = full_life(inside, make)
    assert all(trace in everything_kept() for trace in TRACES)
    sent = []
    monkeypatch.setattr(mail, "send", lambda **letter: sent.append((letter["to"], letter["text"])))

    assert ended(person) == 1
    work_through(now=THE_DAY, errands={}, letters=True)

    left = everything_kept()
    assert [trace for trace in TRACES if trace in left] == []
    assert len(sent) == 1
    assert sent[0][0] == EMAIL
    assert "Здравствуйте, Пелагея!" in sent[0][1]


def test_what_the_books_need_is_kept_to_the_kopeck(inside, make):
    person = full_life(inside, make)
    sums = (Order.number, Order.state, Order.goods_kopecks, Order.delivery_kopecks, Order.paid_at)
    lines = (OrderLine.name, OrderLine.quantity, OrderLine.price_kopecks)
    money = (PaymentAttempt.amount_kopecks, PaymentAttempt.gateway_ref, PaymentAttempt.state)
    back = (PaymentRefund.amount_kopecks, PaymentRefund.state, PaymentRefund.settled_at)

    def books():
        return [db.session.execute(select(*what)).all() for what in (sums, lines, money, back)]

    before = books()
    ended(person)

    assert books() == before
    assert [len(rows) for rows in before] == [1, 1, 1, 1]
    order = db.session.scalars(select(Order)).one()
    assert (order.recipient_name, order.recipient_phone, order.address, order.comment) == ("",) * 4
    assert order.account_id == person.id


def test_the_account_is_an_empty_shell_that_nobody_signs_in_to(inside, make):
    person = full_life(inside, make)
    ended(person)

    shell = account(person.id)
    assert shell.email == f"deleted-{person.id}@deleted.invalid"
    assert (shell.given_name, shell.family_name, shell.patronymic, shell.phone) == ("",) * 4
    assert (shell.birth_on, shell.sex, shell.email_confirmed_at) == (None, "", None)
    assert (shell.ended_at, shell.password_hash) == (THE_DAY, "")
    for email in (EMAIL, shell.email):
        for password in (PASSWORD, ""):
            with pytest.raises(WrongCredentials):
                sign_in(email, password)


def test_what_employees_did_stays_without_what_it_was_about(inside, make):
    person = full_life(inside, make)
    ended(person)

    events = db.session.scalars(
        select(AccountEvent).where(AccountEvent.account_id == person.id)
    ).all()
    assert [(one.kind, one.facts, one.actor_id is None) for one in events] == [
        ("lost_mailbox_looked_at", {}, False)
    ]
    request = db.session.scalars(select(LostMailbox)).one()
    assert (request.number, request.state, request.refusal) == (
        *("482-177-304", "refused", "withdrawn"),
    )
    assert (request.ended_at, request.stop_token_hash) == (THE_DAY, None)
