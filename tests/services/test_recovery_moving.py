"""The new mailbox proves itself, and the account moves."""

from datetime import timedelta

import pytest
from factories import NOON, PASSWORD
from lost_mailboxes import approved, asked, events, state_of
from signing import NEW_PASSWORD, letters, sign_in, together, token_of
from sqlalchemy import func, select, update

from shop.db import db
from shop.models import (
    Account,
    EmailChange,
    Handover,
    Passkey,
    RecoveryCode,
    SecondStep,
    UserSession,
)
from shop.queries.auth import card_of_session
from shop.queries.recovery import email_of_link, move_of_link
from shop.rules.devices import NO_DEVICE
from shop.services.auth import WrongCredentials, open_session, register
from shop.services.recovery import (
    AddressTaken,
    LinkIsOver,
    finish_move,
    move_on,
    send_link,
    stop_move,
)

WAITED = NOON + timedelta(hours=72)


@pytest.fixture
def igor(make, inside):
    return make.account("igor@example.ru", patronymic="Валерьянович")


@pytest.fixture
def desk(make, inside):
    return [make.employee("support", email=f"{name}@example.ru") for name in ("vera", "olga")]


@pytest.fixture
def waiting(igor, desk):
    """The number of a request that waits."""
    number = asked()
    approved(number, *desk)
    return number


@pytest.fixture
def confirming(waiting):
    """The token in the letter to the new address."""
    move_on(now=WAITED)
    return token_of(letters("lost_mailbox_confirm")[0])


def warning_token():
    return token_of(letters("lost_mailbox_warning")[0])


def email_of(account):
    return db.session.scalar(select(Account.email).where(Account.id == account.id))


def finish(token, now=WAITED):
    finish_move(token=token, password=NEW_PASSWORD, now=now)


def test_the_new_address_moves_the_account_and_nothing_old_opens_it(
    igor, make, waiting, confirming
):
    order = make.order(igor)
    token = open_session(account_id=igor.id, way="password", device=NO_DEVICE, now=NOON)
    send_link(email="igor@example.ru", now=WAITED)
    forgotten = token_of(letters("recovery")[0])

    finish(confirming, now=WAITED + timedelta(hours=1))

    assert sign_in("novyi@example.org", NEW_PASSWORD) == igor.id
    for email, password in (
        ("igor@example.ru", PASSWORD),
        ("igor@example.ru", NEW_PASSWORD),
        ("novyi@example.org", PASSWORD),
    ):
        with pytest.raises(WrongCredentials):
            sign_in(email, password)
    assert card_of_session(token=token) is None
    assert email_of_link(token=forgotten, now=WAITED) == ""
    assert state_of(waiting) == "done"
    assert order.account_id == igor.id
    (done,) = events("lost_mailbox_done")
    assert done.facts == {
        "number": waiting,
        "old_email": "i•••r@example.ru",
        "new_email": "n•••i@example.org",
        "frozen_until": (WAITED + timedelta(days=7, hours=1)).isoformat(),
    }
    assert [one["to"] for one in letters("lost_mailbox_done")] == ["novyi@example.org"]
    assert [one["to"] for one in letters("lost_mailbox_moved")] == ["igor@example.ru"]
    assert move_of_link(token=confirming, now=WAITED).state == "done"


def keep_ways_in(account):
    """A passkey, an app for codes with a code on paper, a change of address and a handover on their way."""
    later = NOON + timedelta(days=9)
    key = {"credential_id": b"1", "public_key": b"2", "user_handle": b"3", "transports": []}
    to = {"old_email": account.email, "new_email": "third@example.org", "asked_at": NOON}
    db.session.add_all(
        [
            Passkey(account_id=account.id, name="Телефон", created_at=NOON, **key),
            SecondStep(account_id=account.id, sealed_secret="sealed", works_since=NOON),
            RecoveryCode(account_id=account.id, code_hash="0" * 64),
            EmailChange(
                account_id=account.id,
                token_hash="1" * 64,
                undo_token_hash="2" * 64,
                expires_at=later,
                confirmed_at=NOON,
                **to,
            ),
            Handover(
                account_id=account.id,
                giver_token_hash="3" * 64,
                taker_token_hash="4" * 64,
                expires_at=later,
                **to,
            ),
        ]
    )
    db.session.commit()


def count(table):
    return db.session.scalar(select(func.count()).select_from(table))


def test_passkeys_and_whatever_was_under_way_end_with_the_move(igor, waiting, confirming):
    keep_ways_in(igor)

    finish(confirming)

    assert count(Passkey) == 0
    assert db.session.scalar(select(EmailChange.ended_at)) == WAITED
    assert db.session.scalar(select(Handover.ended_at)) == WAITED
    assert (count(SecondStep), count(RecoveryCode)) == (1, 1)


def test_the_second_step_ends_when_the_app_was_lost_as_well(igor, desk):
    number = asked(is_second_step_lost=True)
    approved(number, *desk)
    move_on(now=WAITED)
    keep_ways_in(igor)

    finish(token_of(letters("lost_mailbox_confirm")[0]))

    assert (count(SecondStep), count(RecoveryCode)) == (0, 0)


def test_claims_to_the_new_address_that_were_never_proved_are_void(igor, waiting, confirming):
    claim = register(
        email="novyi@example.org",
        password=PASSWORD,
        given_name="Кто-то",
        family_name="Другой",
        now=NOON,
    )
    token = open_session(account_id=claim, way="registration", device=NO_DEVICE, now=NOON)

    finish(confirming)

    assert card_of_session(token=token) is None
    assert sign_in("novyi@example.org", NEW_PASSWORD) == igor.id


def test_an_address_that_somebody_has_proved_meanwhile_is_not_taken_away(
    igor, make, waiting, confirming
):
    make.account("novyi@example.org")

    with pytest.raises(AddressTaken):
        finish(confirming)

    assert (state_of(waiting), email_of(igor)) == ("confirming", "igor@example.ru")
    assert sign_in() == igor.id


def test_the_link_works_once(igor, waiting, confirming):
    finish(confirming)

    with pytest.raises(LinkIsOver):
        finish_move(token=confirming, password="the thief's own", now=WAITED)

    assert sign_in("novyi@example.org", NEW_PASSWORD) == igor.id


def test_an_owner_who_changed_the_address_while_the_new_one_was_asked_keeps_it(
    igor, waiting, confirming
):
    db.session.execute(update(Account).where(Account.id == igor.id).values(email="i@example.ru"))
    db.session.commit()

    with pytest.raises(LinkIsOver):
        finish(confirming)

    assert email_of(igor) == "i@example.ru"


def test_confirmed_twice_at_once_it_moves_once(inside, igor, confirming):
    came = together(inside, *[lambda: finish(confirming)] * 2)

    assert sorted(type(one).__name__ for one in came) == ["LinkIsOver", "NoneType"]
    assert len(events("lost_mailbox_done")) == 1
    assert sign_in("novyi@example.org", NEW_PASSWORD) == igor.id


def test_stopped_and_confirmed_at_once_it_is_one_of_the_two(inside, igor, waiting, confirming):
    stopped, finished = together(
        inside,
        lambda: stop_move(account_id=igor.id, now=WAITED),
        lambda: finish(confirming),
    )

    if stopped:
        assert isinstance(finished, LinkIsOver)
        assert (state_of(waiting), email_of(igor)) == ("stopped", "igor@example.ru")
    else:
        assert finished is None
        assert (state_of(waiting), email_of(igor)) == ("done", "novyi@example.org")
    assert len(events("lost_mailbox_stopped")) + len(events("lost_mailbox_done")) == 1


def test_a_move_ends_no_session_of_anybody_else(igor, make, waiting, confirming):
    other = make.account()
    token = open_session(account_id=other.id, way="password", device=NO_DEVICE, now=NOON)

    finish(confirming)

    assert card_of_session(token=token).id == other.id
    ended = select(func.count(UserSession.id)).where(UserSession.ended_at.is_not(None))
    assert db.session.scalar(ended) == 0
