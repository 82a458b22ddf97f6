"""An account is handed to another person when both say yes by mail."""

from datetime import date, timedelta

import pytest
from factories import NOON, PASSWORD
from moving import (
    OLD,
    PHONE,
    TAKER,
    asked,
    confirm,
    events,
    facts_of,
    handed_over,
    handovers,
    kept,
    offered,
    open_sessions,
    say_give,
    say_take,
    token,
    written,
)
from signing import NEW_PASSWORD, letters, registered, sign_in, token_of
from sqlalchemy import func, select

from shop.db import db
from shop.models import (
    Account,
    DataExport,
    EmailChange,
    Order,
    Passkey,
    Recipient,
    RecoveryCode,
    SecondStep,
)
from shop.queries.security.data import chapters_of
from shop.queries.security.events import last_events, log_of
from shop.rules.auth import token_hash
from shop.services import recovery
from shop.services.auth import WrongCredentials, confirm_by_token, open_session
from shop.services.security.email import MoveIsOver
from shop.services.security.handover import (
    ask_for_handover,
)

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def igor(make):
    return make.account(OLD, patronymic="Валерьянович", greeting="name_and_patronymic")


def ask(account, new_email=TAKER, now=NOON):
    ask_for_handover(account_id=account.id, new_email=new_email, device=PHONE, now=now)


def is_igors(account):
    one = kept(account.id)
    return sign_in(OLD, PASSWORD) == account.id and (
        one.email,
        one.given_name,
        one.family_name,
    ) == (OLD, "Игорь", "Секретов")


def count(model):
    return db.session.scalar(select(func.count()).select_from(model))


def live_in(igor):
    """Give the account all that a person may leave in it."""
    account = kept(igor.id)
    account.phone, account.sex, account.birth_on = "+79161234567", "male", date(1976, 5, 4)
    account.ends_at = NOON + DAY
    me = {"account_id": igor.id}
    db.session.add_all(
        [
            Passkey(
                **me,
                credential_id=b"1",
                public_key=b"2",
                user_handle=b"3",
                transports=[],
                name="Телефон",
                created_at=NOON,
            ),
            SecondStep(**me, sealed_secret="x", works_since=NOON),
            RecoveryCode(**me, code_hash="h"),
            Recipient(**me, full_name="Пётр Соснов", phone="+79160000000", created_at=NOON),
            DataExport(**me, state="ready", file="a", asked_at=NOON, expires_at=NOON + DAY),
            DataExport(**me, state="asked", asked_at=NOON),
        ]
    )
    db.session.commit()
    open_session(account_id=igor.id, way="password", device=PHONE, now=NOON)


def test_both_mailboxes_are_asked(inside, igor):
    ask(igor, " Olga@EXAMPLE.ru")

    assert written() == [("handover_giver", OLD), ("handover_taker", TAKER)]
    giver, taker = (one["facts"] for one in letters())
    assert (giver["greeting"], giver["new_email"]) == ("Игорь Валерьянович", TAKER)
    assert (taker["giver_name"], taker["giver_email"]) == ("Игорь Секретов", "i•••r@example.ru")
    assert taker["until"] == (NOON + timedelta(hours=72)).isoformat()
    (handover,) = handovers()
    hashes = [token_hash(token("handover_giver")), token_hash(token("handover_taker"))]
    assert [handover.giver_token_hash, handover.taker_token_hash] == hashes
    assert facts_of(igor, "handover_asked") == {"from": OLD, "to": TAKER}
    assert is_igors(igor)


def test_a_name_that_is_an_advertisement_isnt_carried_to_the_taker(inside, make):
    account = make.account(given_name="www.prize.example")

    ask(account)

    assert letters("handover_taker")[0]["facts"]["giver_name"] == ""


@pytest.mark.parametrize("first", ["giver", "taker"])
def test_when_both_have_said_yes_the_account_is_the_takers(inside, igor, first):
    giver, taker = offered(igor)
    one, other = (say_give, giver), (say_take, taker)
    if first == "taker":
        one, other = other, one

    assert not one[0](one[1])
    assert is_igors(igor)
    assert other[0](other[1], now=NOON + timedelta(hours=71))

    account = kept(igor.id)
    assert (account.email, account.email_confirmed_at) == (TAKER, NOON + timedelta(hours=71))
    names = (account.given_name, account.family_name, account.patronymic, account.greeting)
    assert names == ("Ольга", "Д'Арк-Петрова", "", "name")
    assert sign_in(TAKER, NEW_PASSWORD) == igor.id
    for email, password in ((OLD, PASSWORD), (TAKER, PASSWORD), (OLD, NEW_PASSWORD)):
        with pytest.raises(WrongCredentials):
            sign_in(email, password)
    assert written()[2:] == [("handed_over", OLD), ("handed_over", TAKER)]
    told = [(one["facts"]["greeting"], one["facts"]["is_taker"]) for one in letters("handed_over")]
    assert told == [("Игорь Валерьянович", False), ("Ольга", True)]


def test_the_log_tells_of_it(inside, igor):
    handed_over(igor)

    assert events(igor) == [
        "handover_asked",
        "name_changed",
        "greeting_changed",
        "consent_given",
        "handed_over",
    ]
    assert facts_of(igor, "name_changed") == {
        "old": "Секретов Игорь Валерьянович",
        "new": "Д'Арк-Петрова Ольга",
    }
    assert facts_of(igor, "handed_over") == {"from": OLD, "to": TAKER}


def test_the_new_owner_reads_the_log_from_the_handover_on(inside, igor):
    open_session(account_id=igor.id, way="password", device=PHONE, now=NOON)

    handed_over(igor, now=NOON + HOUR)

    last = [one.kind for one in last_events(account_id=igor.id)]
    page = log_of(account_id=igor.id)
    exported = [
        row["kind"]
        for one in chapters_of(account_id=igor.id)
        if one.name == "events"
        for row in one.rows
    ]
    assert [one.kind for one in page.events][:1] == last[:1] == ["handed_over"]
    assert page.count == len(page.events) == len(last) == len(exported) == 5
    assert "signed_in" not in {*last, *exported}
    assert "signed_in" in events(igor)


def test_nothing_that_was_the_givers_opens_the_account_or_tells_of_the_giver(inside, igor, make):
    live_in(igor)
    recovery.send_link(email=OLD, now=NOON)
    change, _ = asked(igor, "igor@new.example")

    handed_over(igor)

    for model in (Passkey, SecondStep, RecoveryCode, Recipient, EmailChange):
        assert count(model) == 0, model
    assert open_sessions(igor) == []
    account = kept(igor.id)
    assert (account.phone, account.sex, account.birth_on, account.ends_at) == ("", "", None, None)
    exports = db.session.execute(select(DataExport.state, DataExport.expires_at)).all()
    assert sorted(map(tuple, exports)) == [("gone", None), ("ready", NOON)]
    with pytest.raises(recovery.LinkIsOver):
        recovery.choose_password(token=token("recovery"), password=PASSWORD, now=NOON)
    with pytest.raises(MoveIsOver):
        confirm(change)
    assert sign_in(TAKER, NEW_PASSWORD) == igor.id


def test_what_the_taker_had_written_is_kept_no_longer_than_needed(inside, igor):
    giver, taker = offered(igor)
    say_take(taker)
    assert handovers()[0].password_hash

    say_give(giver)

    (handover,) = handovers()
    assert (handover.given_name, handover.family_name, handover.password_hash) == ("", "", "")
    assert handover.done_at == NOON


def test_orders_go_along_and_keep_their_names(inside, igor, make):
    order = make.order(igor)

    handed_over(igor)

    row = db.session.execute(select(Order.account_id, Order.recipient_name)).one()
    assert row == (igor.id, order.recipient_name) == (igor.id, "Секретов Игорь")


def test_whoever_registers_next_gets_a_letter_though_rows_were_deleted(inside):
    """SQLite gives the ids of deleted rows out again: what is keyed by one would be taken for written."""
    first = registered("mother@example.ru")
    confirm_by_token(token=token_of(letters("confirmation")[-1]), now=NOON)
    handed_over(db.session.get_one(Account, first))

    registered("next@example.ru")

    assert [one["to"] for one in letters("confirmation")] == [
        "mother@example.ru",
        "next@example.ru",
    ]
