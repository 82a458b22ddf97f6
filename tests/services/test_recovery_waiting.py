"""An approved move waits, is stopped, or is taken on by time."""

from datetime import timedelta

import pytest
from factories import NOON
from lost_mailboxes import approved, asked, events, request, state_of
from signing import NEW_PASSWORD, letters, together, token_of
from sqlalchemy import select, update

from shop.db import db
from shop.models import (
    Account,
)
from shop.queries.auth import card_of_session
from shop.queries.recovery import is_objection_possible, move_of_link
from shop.rules.devices import NO_DEVICE, Device
from shop.services.auth import open_session
from shop.services.recovery import (
    LinkIsOver,
    approve_second,
    finish_move,
    move_on,
    stop_move,
    stop_move_by_link,
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


def test_every_signed_in_device_knows_until_when_it_can_be_stopped(igor, waiting):
    token = open_session(account_id=igor.id, way="password", device=NO_DEVICE, now=NOON)

    assert card_of_session(token=token).moves_at == WAITED
    stop_move(account_id=igor.id, now=NOON)
    assert card_of_session(token=token).moves_at is None


def test_it_isnt_me_on_a_device_stops_it(igor, waiting):
    device = Device(name="Chrome, Android")

    assert stop_move(account_id=igor.id, device=device, now=NOON + timedelta(hours=71))

    assert state_of(waiting) == "stopped"
    assert email_of(igor) == "igor@example.ru"
    stopped = events("lost_mailbox_stopped")
    assert [(one.device, one.facts) for one in stopped] == [
        ("Chrome, Android", {"number": waiting})
    ]
    assert [one["to"] for one in letters("lost_mailbox_stopped")] == ["igor@example.ru"]
    move_on(now=WAITED)
    assert letters("lost_mailbox_confirm") == []


def test_the_new_address_hears_of_a_stop_what_it_would_hear_of_a_refusal(igor, waiting):
    stop_move(account_id=igor.id, now=NOON)

    (letter,) = letters("lost_mailbox_refused")
    assert letter["to"] == "novyi@example.org"
    assert letter["facts"] == {"number": waiting, "reason": "not_enough"}


def test_it_isnt_me_from_the_old_mailbox_stops_it_once(igor, waiting):
    token = warning_token()
    assert is_objection_possible(token=token)

    stop_move_by_link(token=token, now=NOON)

    assert state_of(waiting) == "stopped"
    assert not is_objection_possible(token=token)
    with pytest.raises(LinkIsOver):
        stop_move_by_link(token=token, now=NOON)
    assert len(events("lost_mailbox_stopped")) == 1


def test_the_old_mailbox_may_stop_it_while_the_new_one_is_asked(igor, waiting, confirming):
    stop_move_by_link(token=warning_token(), now=WAITED + timedelta(days=1))

    with pytest.raises(LinkIsOver):
        finish(confirming)
    assert (state_of(waiting), email_of(igor)) == ("stopped", "igor@example.ru")


@pytest.mark.parametrize("token", ["", "nonsense", "я" * 500])
def test_a_made_up_link_stops_and_moves_nothing(igor, waiting, token):
    assert not is_objection_possible(token=token)
    assert move_of_link(token=token, now=NOON) is None
    for deed in (
        lambda: stop_move_by_link(token=token, now=NOON),
        lambda: finish(token),
    ):
        with pytest.raises(LinkIsOver):
            deed()
    assert state_of(waiting) == "waiting"


def test_what_isnt_under_way_isnt_stopped(igor, make):
    number = asked()

    assert not stop_move(account_id=igor.id, now=NOON)

    assert state_of(number) == "new"
    assert events() == []


def test_nobody_stops_what_is_somebody_elses(make, waiting):
    assert not stop_move(account_id=make.account().id, now=NOON)

    assert state_of(waiting) == "waiting"


def test_before_the_time_is_over_nothing_happens(waiting):
    assert move_on(now=WAITED - timedelta(seconds=1)) == 0

    assert state_of(waiting) == "waiting"


def test_after_72_hours_the_new_address_gets_a_link_for_seven_days_once(waiting):
    assert move_on(now=WAITED) == 1
    assert move_on(now=WAITED) == 0

    (letter,) = letters("lost_mailbox_confirm")
    assert letter["to"] == "novyi@example.org"
    assert state_of(waiting) == "confirming"
    link = token_of(letter)
    almost = WAITED + timedelta(days=7, seconds=-1)
    assert move_of_link(token=link, now=almost).new_email == "n•••i@example.org"
    assert move_of_link(token=link, now=WAITED + timedelta(days=7)) is None


def test_a_link_nobody_used_expires(igor, waiting, confirming):
    late = WAITED + timedelta(days=7)

    with pytest.raises(LinkIsOver):
        finish(confirming, now=late)
    assert move_on(now=late) == 1

    assert state_of(waiting) == "expired"
    assert not is_objection_possible(token=warning_token())
    assert email_of(igor) == "igor@example.ru"


@pytest.mark.parametrize("how", ["changed", "closed"])
def test_an_owner_who_came_in_and_changed_the_account_has_stopped_it(igor, waiting, how):
    values = {"email": "i@example.ru"} if how == "changed" else {"ended_at": NOON}
    db.session.execute(update(Account).where(Account.id == igor.id).values(**values))
    db.session.commit()

    move_on(now=WAITED)

    assert state_of(waiting) == "stopped"
    assert letters("lost_mailbox_confirm") == []


def test_stopped_and_approved_at_once_it_waits_or_is_stopped(inside, igor, desk):
    number = asked()
    approved(number, desk[0])

    stopped, came = together(
        inside,
        lambda: stop_move(account_id=igor.id, now=NOON),
        lambda: approve_second(number=number, employee_id=desk[1].id, now=NOON),
    )

    assert came is None
    assert state_of(number) == ("stopped" if stopped else "waiting")
    assert len(events("lost_mailbox_stopped")) == int(stopped)


def test_two_workers_at_once_write_one_letter(inside, waiting):
    together(inside, *[lambda: move_on(now=WAITED)] * 2)

    assert len(letters("lost_mailbox_confirm")) == 1
    assert request(waiting).state == "confirming"
