from datetime import timedelta
from types import SimpleNamespace

import pytest
from browser import open_session_row
from factories import NOON
from signing import registered
from sqlalchemy import func, select

from shop.db import db
from shop.models import (
    Account,
    AccountEvent,
    Cart,
    CartLine,
    Confirmation,
    Consent,
    Favorite,
    Handover,
    OutboxItem,
    PaymentNotice,
    Recipient,
    StaffRole,
    UserSession,
)
from shop.services.auth import end_session
from shop.services.profile import note_event
from shop.services.security import sweeping
from shop.services.security.sweeping import sweep

NOTHING = sweeping.Swept(0, 0, 0, 0, 0)


def days_ago(days, seconds=1):
    """A moment just before so many days ago, or after with negative seconds."""
    return NOON - timedelta(days=days, seconds=seconds)


def kept(column):
    db.session.rollback()
    return list(db.session.scalars(select(column).order_by(column)))


def count(model):
    return db.session.scalar(select(func.count()).select_from(model))


def test_a_session_nobody_used_for_half_a_year_goes(inside, make):
    igor = make.account()
    for token, seen_at in (("old", days_ago(180)), ("young", days_ago(180, -1))):
        open_session_row(igor.id, token, seen_at=seen_at)

    assert sweep(now=NOON).sessions == 1

    assert kept(UserSession.seen_at) == [days_ago(180, -1)]


def test_a_session_that_ended_a_month_ago_goes(inside, make):
    igor = make.account()
    for number, ended_at in enumerate((days_ago(30), days_ago(30, -1), None), 1):
        open_session_row(igor.id, f"token-{number}", device=f"{number}", seen_at=days_ago(31))
        last = db.session.scalar(select(func.max(UserSession.id)))
        if ended_at:
            end_session(account_id=igor.id, session_id=last, now=ended_at)

    assert sweep(now=NOON).sessions == 1

    assert kept(UserSession.device) == ["2", "3"]


def test_the_log_forgets_after_two_years_but_never_a_name_or_an_address(inside, make):
    igor = make.account()
    for kind in ("signed_in", "name_changed", "email_changed"):
        note_event(account_id=igor.id, kind=kind, now=days_ago(730))
    note_event(account_id=igor.id, kind="signed_out", now=days_ago(730, -1))

    assert sweep(now=NOON).events == 1

    assert kept(AccountEvent.kind) == ["email_changed", "name_changed", "signed_out"]


def test_an_account_nobody_proved_goes_with_all_that_hangs_on_it(inside, make):
    tea, anna = make.product(), make.account()
    igor = registered(now=days_ago(30))
    open_session_row(igor, "token")
    claim = SimpleNamespace(id=igor)
    make.favorite(claim, tea)
    make.in_cart(claim, tea, 2)
    db.session.add(
        Recipient(account_id=igor, full_name="Пётр", phone="+79161234567", created_at=NOON)
    )
    db.session.commit()
    make.favorite(anna, tea)
    make.in_cart(anna, tea)
    assert count(Confirmation) == count(Consent) == 1

    assert sweep(now=NOON).accounts == 1

    assert kept(Account.id) == [anna.id]
    gone = (Confirmation, Consent, UserSession, Recipient, AccountEvent)
    assert [count(model) for model in gone] == [0] * 5
    assert [count(model) for model in (Favorite, Cart, CartLine)] == [1] * 3


def test_who_proved_the_mailbox_or_came_lately_stays(inside, make):
    confirmed = make.account(created_at=days_ago(400))
    young = make.account(confirmed=False, created_at=days_ago(30, -1))

    assert sweep(now=NOON) == NOTHING

    assert kept(Account.id) == [confirmed.id, young.id]


def handover(account):
    return Handover(
        account_id=account.id,
        old_email="a@example.ru",
        new_email="b@example.ru",
        giver_token_hash="a",
        taker_token_hash="b",
        asked_at=NOON,
        expires_at=NOON,
    )


def by(employee, customer):
    return AccountEvent(
        account_id=customer.id,
        actor_id=employee.id,
        kind="lost_mailbox_refused",
        facts={},
        happened_at=NOON,
    )


@pytest.mark.parametrize(
    "keeper", ["an order", "a role", "a handover", "a deed", "it was emptied at its owner's wish"]
)
def test_what_is_of_lasting_worth_keeps_an_account(inside, make, keeper):
    igor = make.account(confirmed=False, created_at=days_ago(31))
    anna = make.account()
    if keeper == "an order":
        make.order(igor)
    elif keeper == "it was emptied at its owner's wish":
        db.session.get_one(Account, igor.id).ended_at = days_ago(31)
    else:
        db.session.add(
            {
                "a role": lambda: StaffRole(account_id=igor.id, role="support", given_at=NOON),
                "a handover": lambda: handover(igor),
                "a deed": lambda: by(igor, anna),
            }[keeper]()
        )
    db.session.commit()

    assert sweep(now=NOON).accounts == 0

    assert kept(Account.id) == [igor.id, anna.id]


def test_every_table_that_points_at_an_account_goes_with_it_or_keeps_it(inside):
    pointing = {
        f"{table.name}.{column.name}"
        for table in db.metadata.sorted_tables
        for column in table.columns
        for link in column.foreign_keys
        if link.column.table.name == "account"
    }

    keeps = {f"{column.table.name}.{column.name}" for column in sweeping._keepers()}

    assert "shop_order.account_id" in keeps
    assert pointing - keeps == {
        "cart.account_id",
        "favorite.account_id",
        "confirmation.account_id",
        "consent.account_id",
        "user_session.account_id",
        "account_event.account_id",
        "recipient.account_id",
    }


def letter(number, done_at):
    return OutboxItem(
        kind="letter",
        payload={},
        once_key=f"letter-{number}",
        due_at=days_ago(400),
        written_at=days_ago(400),
        done_at=done_at,
    )


def test_letters_sent_a_month_ago_go_and_those_not_sent_stay(inside):
    moments = (days_ago(30), days_ago(30, -1), None)
    db.session.add_all([letter(number, done_at) for number, done_at in enumerate(moments, 1)])
    db.session.commit()

    assert sweep(now=NOON).outbox_items == 1

    assert kept(OutboxItem.once_key) == ["letter-2", "letter-3"]


def notice(number, received_at, handled_at):
    return PaymentNotice(
        gateway="yookassa",
        event="payment.succeeded",
        gateway_ref=f"{number}",
        body_hash="hash",
        body="{}",
        received_at=received_at,
        handled_at=handled_at,
    )


def test_notices_of_payments_go_after_half_a_year_once_they_were_handled(inside):
    db.session.add_all(
        [
            notice(1, days_ago(180), days_ago(180)),
            notice(2, days_ago(180, -1), NOON),
            notice(3, days_ago(400), None),
        ]
    )
    db.session.commit()

    assert sweep(now=NOON).payment_notices == 1

    assert kept(PaymentNotice.gateway_ref) == ["2", "3"]


def test_a_large_heap_is_taken_batch_by_batch(inside, make, monkeypatch):
    monkeypatch.setattr(sweeping, "BATCH", 2)
    monkeypatch.setattr(sweeping, "ACCOUNTS_AT_ONCE", 2)
    for _ in range(3):
        make.account(confirmed=False, created_at=days_ago(31))
    db.session.add_all([letter(number, days_ago(31)) for number in range(5)])
    db.session.commit()

    swept = [sweep(now=NOON) for _ in range(4)]

    assert [(one.accounts, one.outbox_items) for one in swept] == [(2, 2), (1, 2), (0, 1), (0, 0)]
    assert [one.may_be_more for one in swept] == [True, True, False, False]


def test_swept_twice_is_swept_once(inside, make):
    make.account(confirmed=False, created_at=days_ago(31))

    assert sweep(now=NOON).accounts == 1
    assert sweep(now=NOON) == NOTHING
